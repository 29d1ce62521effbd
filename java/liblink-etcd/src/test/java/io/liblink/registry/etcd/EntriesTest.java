package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.registry.RegistryProvider.Context;
import io.liblink.registry.Samples;
import io.liblink.registry.etcd.Entries.Entry;
import io.liblink.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EntriesTest {
  private final Keys keys = new Keys("/liblink", "shop");
  private final Entries entries = new Entries(keys, "shop");
  private final Context context = Samples.context("a");
  private final Instance instance = Samples.instance("pricing", context, 7000);

  private Entry read(String key, byte[] value) {
    JsonNode kv = Json.object(Json.write(
        Map.of("key", Json.base64(key), "value", Json.base64(value), "mod_revision", "42")));
    assertThat(kv).isNotNull();
    return entries.read("pricing", kv);
  }

  private String key() {
    return keys.instance("pricing", context.id());
  }

  @Test
  void whatIsWrittenIsRead() {
    Entry entry = read(key(), entries.write(instance));
    assertThat(entry.instance()).isEqualTo(instance);
    assertThat(entry.revision()).isEqualTo(42);
    assertThat(entry.skipped()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/liblink/shop/pricing/",
        "/liblink/shop/pricing/x",
        "/liblink/shop/pricing/0000000000000000000000000000000",
        "/liblink/shop/pricing/000000000000000000000000000000000",
        "/liblink/shop/pricing/0000000000000000000000000000000G",
        "/liblink/shop/pricing/ABCDEF00000000000000000000000001",
        "/liblink/shop/pricing/00000000000000000000000000000001/more",
        "/liblink/shop/pricing/\u0000\u001b[31mred",
        "/liblink/other/pricing/00000000000000000000000000000001",
      })
  void aKeyThatIsNoInstancesIsSkipped(String key) {
    Entry entry = read(key, entries.write(instance));
    assertThat(entry.instance()).isNull();
    assertThat(entry.skipped()).isNotNull();
    assertThat(entry.skipped().what()).doesNotContain("\u001b", "\u0000");
  }

  @Test
  void aValueThatIsNotWhatItsKeySaysIsSkipped() {
    assertThat(read(keys.instance("pricing", NodeId.random()), entries.write(instance))
            .skipped())
        .as("of another node")
        .isNotNull();
    assertThat(read(key(), entries.write(Samples.instance("billing", context, 7000)))
            .skipped())
        .as("of another service")
        .isNotNull();
    assertThat(read(key(), new Entries(keys, "elsewhere").write(instance)).skipped())
        .as("of another cluster")
        .isNotNull();
    assertThat(read(key(), new byte[0]).skipped()).isNotNull();
    assertThat(read(key(), new byte[Rules.MOST_VALUE_BYTES + 1]).skipped().reason())
        .contains("more than");
    String text = new String(entries.write(instance), StandardCharsets.UTF_8);
    String two = text.replace("\"services\":[", "\"services\":[{\"name\":\"b\",\"ready\":true},");
    assertThat(read(key(), two.getBytes(StandardCharsets.UTF_8)).skipped().reason())
        .contains("not of one service");
  }

  @Test
  void noBytesAreTooStrangeToBeSkipped() {
    byte[] good = entries.write(instance);
    Gen.check(2000, gen -> {
      byte[] value = good.clone();
      for (int i = gen.between(1, 5); i > 0; i--) {
        value[gen.between(0, value.length - 1)] = (byte) gen.between(-128, 127);
      }
      Entry entry = read(key(), value);
      assertThat(entry.instance() == null).isEqualTo(entry.skipped() != null);
      if (entry.instance() != null) {
        assertThat(entry.instance().id()).isEqualTo(context.id());
        assertThat(entry.instance().service()).isEqualTo("pricing");
      }
    });
  }

  @Test
  void noJsonIsTooStrange() {
    for (String json : List.of(
        "{}",
        "{\"key\":1}",
        "{\"key\":null,\"value\":[]}",
        "{\"key\":\"!!\",\"value\":\"%%\"}",
        "{\"mod_revision\":\"99999999999999999999\"}",
        "{\"mod_revision\":{}}")) {
      JsonNode kv = Json.object(json.getBytes(StandardCharsets.UTF_8));
      assertThat(kv).isNotNull();
      assertThat(entries.read("pricing", kv).skipped()).as(json).isNotNull();
    }
  }

  @Test
  void servicesAreFoundInKeys() {
    assertThat(keys.serviceOf("/liblink/shop/pricing/x")).isEqualTo("pricing");
    assertThat(keys.serviceOf("/liblink/shop/pricing")).isNull();
    assertThat(keys.serviceOf("/liblink/shop//x")).isNull();
    assertThat(keys.serviceOf("/liblink/shopping/pricing/x")).isNull();
    assertThat(Keys.endOf("/liblink/shop/")).isEqualTo("/liblink/shop0");
  }
}
