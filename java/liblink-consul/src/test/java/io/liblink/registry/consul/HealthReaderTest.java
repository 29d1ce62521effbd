package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.registry.Instance;
import io.liblink.registry.View.Skipped;
import io.liblink.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class HealthReaderTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String META = "\"liblink-cluster\":\"shop\",\"liblink-node\":\"till-7\","
      + "\"liblink-id\":\"" + ID + "\",\"liblink-started\":\"2024-11-19T07:06:40.123Z\","
      + "\"zone\":\"eu\"";

  private final HealthReader reader =
      new HealthReader("shop", JsonMapper.builder().build());

  private Health read(String json) {
    return reader.read("pricing", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String address, String meta, String checks) {
    return "{\"Node\":{\"Node\":\"host-1\",\"Address\":\"10.0.0.1\",\"Datacenter\":\"dc1\"},"
        + "\"Service\":{\"ID\":\"p\",\"Service\":\"pricing\",\"Address\":\"" + address
        + "\",\"Port\":7400,\"Meta\":{" + meta + "},\"Weights\":{\"Passing\":5,\"Warning\":2}},"
        + "\"Checks\":[" + checks + "]}";
  }

  private static String check(String id, String status, String output, String notes) {
    return "{\"CheckID\":\"" + id + "\",\"Name\":\"the " + id + "\",\"Status\":\"" + status
        + "\",\"Output\":\"" + output + "\",\"Notes\":\"" + notes + "\"}";
  }

  private Instance one(String... checks) {
    Health health = read("[" + entry("10.0.0.7", META, String.join(",", checks)) + "]");
    assertThat(health.skipped()).isEmpty();
    assertThat(health.instances()).hasSize(1);
    return health.instances().get(0);
  }

  @Test
  void anInstanceIsReadWhole() {
    Instance i = one(check("serfHealth", "passing", "", ""), check("p:beat", "passing", "", ""));
    assertThat(i.label()).isEqualTo("till-7@01234567");
    assertThat(i.addresses()).containsExactly(new Address("10.0.0.7", 7400));
    assertThat(i.metadata()).containsOnlyKeys("zone");
    assertThat(i.weight()).isEqualTo(5);
    assertThat(i.datacenter()).isEqualTo("dc1");
    assertThat(i.ready()).isTrue();
    assertThat(i.note()).isEmpty();
  }

  @Test
  void withoutAnAddressOfItsOwnItIsAtThatOfItsConsulNode() {
    Health health = read("[" + entry("", META, "") + "]");
    assertThat(health.instances().get(0).addresses())
        .containsExactly(new Address("10.0.0.1", 7400));
  }

  @ParameterizedTest
  @CsvSource({
    "p:ready, not ready, '', false, ''",
    "p:ready, '', not ready, false, ''",
    "p:ready, leaving, ready, false, leaving",
    "p:ready, '', '', true, the agent does not know whether it is ready",
    "p:ready, '', ready, true, the agent does not know whether it is ready",
    "p:beat, TTL expired, '', true, its heartbeat stopped",
    "serfHealth, no acks, '', true, its Consul node is out of touch",
    "disk, full, '', false, the check 'the disk' is critical",
    "other:beat, TTL expired, '', false, the check 'the other:beat' is critical",
    "_service_maintenance:p, '', new disk, false, in maintenance: new disk",
    "_service_maintenance:p, '', '', false, in maintenance",
    "_node_maintenance, '', reboot, false, in maintenance: reboot",
  })
  void aCriticalCheckIsAWordOrSilence(
      String id, String output, String notes, boolean silent, String note) {
    Health health = read("[" + entry("h", META, check(id, "critical", output, notes)) + "]");
    Instance i = health.instances().get(0);
    assertThat(i.ready()).isFalse();
    assertThat(i.note()).isEqualTo(note);
    assertThat(health.silent()).hasSize(silent ? 1 : 0);
  }

  @Test
  void aWordGoesBeforeSilence() {
    Health health = read("["
        + entry(
            "h",
            META,
            check("p:beat", "critical", "TTL expired", "") + ","
                + check("p:ready", "critical", "not ready", ""))
        + "]");
    assertThat(health.silent()).isEmpty();
    assertThat(health.instances().get(0).note()).isEmpty();
  }

  @Test
  void aWarningChangesTheWeightOnly() {
    Instance i = one(check("disk", "warning", "", ""));
    assertThat(i.ready()).isTrue();
    assertThat(i.weight()).isEqualTo(2);
  }

  @Test
  void othersAreSkippedAndOtherClustersAreNotEvenThat() {
    Health health = read("["
        + entry("h", "", "")
        + ","
        + entry("h", META.replace("\"shop\"", "\"other\""), "")
        + ","
        + entry("h", META, "")
        + ","
        + entry("h", META, "")
        + ","
        + entry("h", META.replace(ID, "\\u001b[31m"), "")
        + "]");
    assertThat(health.instances()).hasSize(1);
    assertThat(health.skipped())
        .contains(
            new Skipped("p on host-1", "it was not announced by liblink"),
            new Skipped("p on host-1", "it is announced twice"))
        .hasSize(3)
        .noneMatch(s -> s.reason().contains("\u001b"));
  }

  @Test
  void aNullIsAsGoodAsNothing() {
    Health health =
        read("[{\"Node\":null,\"Service\":{\"Meta\":null},\"Checks\":null},{},null,1,[]]");
    assertThat(health.instances()).isEmpty();
    assertThat(health.skipped()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null", "<html>", "[", "[{]", "\"x\"", "7", "[] trailing"})
  void whatIsNoAnswerIsRefused(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void damagedAnswersAreReadOrRefused() {
    byte[] good = ("[" + entry("10.0.0.7", META, check("p:beat", "critical", "x", "")) + "]")
        .getBytes(StandardCharsets.UTF_8);
    Gen.check(500, gen -> {
      try {
        Health health = reader.read("pricing", gen.damaged(good));
        assertThat(health.instances().size() + health.skipped().size()).isLessThanOrEqualTo(10);
      } catch (RuntimeException e) {
        assertThat(e).isNotInstanceOf(NullPointerException.class);
      }
    });
    for (int length = 0; length < good.length; length++) {
      byte[] prefix = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> reader.read("pricing", prefix)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void weightsOutOfRangeAreBroughtIntoIt() {
    List.of("-1", "0", "70000", "\"x\"", "1.5", "99999999999").forEach(weight -> {
      String json =
          "[" + entry("h", META, "").replace("\"Passing\":5", "\"Passing\":" + weight) + "]";
      Health health = read(json);
      assertThat(health.instances()).hasSize(1);
      assertThat(health.instances().get(0).weight()).isBetween(0, Instance.MOST_WEIGHT);
    });
  }
}
