package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.View;
import io.liblink.registry.etcd.Entries.Entry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PictureTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Keys keys = new Keys("/liblink", "shop");
  private final Entries entries = new Entries(keys, "shop");
  private final Picture picture = new Picture(entries, "pricing", Duration.ofSeconds(5));
  private final Context a = Samples.context("a");
  private final Context b = Samples.context("b");
  private long now = -1;

  private static Instance instance(Context c) {
    return Samples.instance("pricing", c, 1 + (int) (c.id().low() & 0x7fff));
  }

  private static JsonNode json(Map<String, ?> map) {
    JsonNode node = Json.object(Json.write(map));
    assertThat(node).isNotNull();
    return node;
  }

  private JsonNode kv(Instance instance, long revision) {
    return json(Map.of(
        "key",
        Json.base64(keys.instance("pricing", instance.id())),
        "value",
        Json.base64(entries.write(instance)),
        "mod_revision",
        "" + revision));
  }

  private void put(Instance instance, long revision) {
    picture.apply(json(Map.of("kv", kv(instance, revision))), now);
  }

  private void delete(Context c, long revision) {
    String key = Json.base64(keys.instance("pricing", c.id()));
    picture.apply(
        json(Map.of("type", "DELETE", "kv", Map.of("key", key, "mod_revision", "" + revision))),
        now);
  }

  private void replace(long revision, JsonNode... kvs) {
    Map<String, Entry> all = new LinkedHashMap<>();
    for (JsonNode kv : kvs) {
      Entry e = entries.read("pricing", kv);
      all.put(e.key(), e);
    }
    picture.replace(all, revision, 0, now);
  }

  private static JsonNode newest(long revision, int count, JsonNode... newest) {
    return json(Map.of(
        "header", Map.of("revision", "" + revision), "count", "" + count, "kvs", List.of(newest)));
  }

  @Test
  void eventsAreAppliedOnce() {
    replace(10, kv(instance(a), 7));
    put(instance(a).withReady(false), 9);
    assertThat(picture.instances(now)).as("older than the picture").containsExactly(instance(a));
    put(instance(b), 11);
    picture.reached(11);
    delete(b, 11);
    assertThat(picture.instances(now)).as("not newer than it").hasSize(2);
    put(instance(a).withReady(false), 12);
    assertThat(picture.instances(now)).contains(instance(a).withReady(false), instance(b));
    assertThat(picture.revision()).isEqualTo(11);
  }

  @Test
  void whoSaysThatItLeavesIsGoneAtOnce() {
    replace(10, kv(instance(a), 7));
    put(instance(a).withReady(false), 11);
    delete(a, 12);
    assertThat(picture.instances(now)).isEmpty();
    assertThat(picture.untilChange(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoVanishesWithoutAWordHasAGrace() {
    replace(10, kv(instance(a), 7), kv(instance(b), 8));
    delete(a, 11);
    now += 4 * SECOND;
    assertThat(picture.instances(now)).containsExactly(instance(b), instance(a));
    assertThat(picture.untilChange(now)).isEqualTo(SECOND);
    now += SECOND;
    assertThat(picture.instances(now)).containsExactly(instance(b));
  }

  @Test
  void whoVanishesWhileNobodyLookedHasAGraceToo() {
    replace(10, kv(instance(a), 7));
    replace(20);
    assertThat(picture.instances(now)).containsExactly(instance(a));
  }

  @Test
  void whoIsBackIsShownAsItIsNow() {
    replace(10, kv(instance(a), 7));
    delete(a, 11);
    put(instance(a).withReady(false), 12);
    assertThat(picture.instances(now)).containsExactly(instance(a).withReady(false));
    delete(a, 13);
    assertThat(picture.instances(now)).isEmpty();
  }

  @Test
  void whoeverTookTheAddressTakesTheGrace() {
    replace(10, kv(instance(a), 7));
    delete(a, 11);
    Instance next =
        Samples.instance("pricing", b, instance(a).addresses().get(0).port());
    put(next, 12);
    assertThat(picture.instances(now)).containsExactly(next);
  }

  @Test
  void whoWasFoundDeadHasNoGrace() {
    replace(10, kv(instance(a), 7));
    delete(a, 11);
    assertThat(picture.forget(a.id())).isTrue();
    assertThat(picture.forget(b.id())).isFalse();
    assertThat(picture.instances(now)).isEmpty();
  }

  @Test
  void aPictureThatFitsIsConfirmedAndAsNewAsTheAnswer() {
    replace(10, kv(instance(a), 7), kv(instance(b), 8));
    assertThat(picture.isConfirmedBy(newest(15, 2, kv(instance(b), 8)))).isTrue();
    assertThat(picture.revision()).isEqualTo(15);
    replace(20);
    assertThat(picture.isConfirmedBy(newest(20, 0))).isTrue();
  }

  @Test
  void aPictureThatDoesNotFitIsNotConfirmed() {
    replace(10, kv(instance(a), 7), kv(instance(b), 8));
    assertThat(picture.isConfirmedBy(newest(9, 2, kv(instance(b), 8))))
        .as("etcd went back")
        .isFalse();
    assertThat(picture.isConfirmedBy(newest(15, 1, kv(instance(b), 8))))
        .as("a removal was missed")
        .isFalse();
    assertThat(picture.isConfirmedBy(newest(15, 2, kv(instance(a), 12))))
        .as("a change was missed")
        .isFalse();
    assertThat(picture.isConfirmedBy(newest(15, 2, kv(instance(a), 7))))
        .as("a newer one went and another came")
        .isFalse();
    assertThat(picture.isConfirmedBy(json(Map.of()))).as("no answer").isFalse();
    assertThat(picture.isConfirmedBy(json(Map.of("count", "2", "kvs", "x")))).isFalse();
    assertThat(picture.revision()).isEqualTo(10);
  }

  @Test
  void strangersAreSkippedAndCounted() {
    Map<String, Entry> all = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      String key = keys.service("pricing") + i;
      all.put(key, entries.read("pricing", json(Map.of("key", Json.base64(key)))));
    }
    picture.replace(all, 10, 0, now);
    assertThat(picture.instances(now)).isEmpty();
    assertThat(picture.skipped()).hasSize(View.MOST_SKIPPED);
    assertThat(picture.strangers()).isEqualTo(300);
  }

  @Test
  void whatIsBeyondTheBoundIsSaid() {
    picture.replace(Map.of(), 10, 5, now);
    assertThat(picture.bound()).contains("5 keys").contains("10000");
  }
}
