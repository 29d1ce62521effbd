package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Endpoint.Kind;
import io.liblink.registry.Instance;
import io.liblink.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaTest {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABC0123456789_-";

  private static Instance instance(
      List<Address> addresses,
      String version,
      Map<String, String> metadata,
      List<Endpoint> endpoints) {
    return new Instance(
        "pricing",
        "till-7",
        new NodeId(1, 2),
        addresses,
        version,
        metadata,
        true,
        1_732_000_000_123L,
        endpoints);
  }

  private static Instance read(Map<String, String> pairs, Instance like) {
    MetaReader reader = new MetaReader(pairs);
    return new Instance(
        "pricing",
        reader.node(),
        reader.id(),
        reader.addresses(like.addresses().get(0)),
        reader.version(),
        reader.metadata(),
        true,
        reader.startedMillis(),
        reader.endpoints(),
        reader.isWithoutWeight() ? 0 : 1,
        "",
        "");
  }

  private static void keepsTheRulesOfConsul(Map<String, String> pairs) {
    assertThat(pairs).hasSizeLessThanOrEqualTo(64);
    assertThat(pairs).allSatisfy((key, value) -> {
      assertThat(key).matches("[A-Za-z0-9_-]{1,128}").doesNotStartWith("consul-");
      assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(512);
    });
  }

  @Test
  void anOrdinaryServiceIsReadableByPeople() {
    Instance instance = instance(
        List.of(new Address("10.0.0.7", 7400), new Address("::1", 7400)),
        "1.2.3",
        Map.of("zone", "eu"),
        List.of(
            new Endpoint("quote", Kind.METHOD, true),
            new Endpoint("buy", Kind.METHOD, false),
            new Endpoint("changed.prices", Kind.TOPIC, false)));
    assertThat(MetaWriter.pairs(instance, "shop"))
        .isEqualTo(new TreeMap<>(Map.of(
            "zone", "eu",
            "liblink-cluster", "shop",
            "liblink-node", "till-7",
            "liblink-id", "00000000000000010000000000000002",
            "liblink-started", "2024-11-19T07:06:40.123Z",
            "liblink-version", "1.2.3",
            "liblink-addresses", "10.0.0.7:7400 [::1]:7400",
            "liblink-methods", "quote* buy",
            "liblink-topics", "changed.prices")));
  }

  @Test
  void whateverIsWrittenWithinTheBoundsIsRead() {
    Gen.check(300, gen -> {
      Map<String, String> metadata = gen.map(
          20,
          g -> g.oneOf("", "liblink-", "consul-") + g.word(LETTERS, 20) + "x",
          g -> g.oneIn(5) ? "ü".repeat(g.between(0, 512)) : withoutSurrogates(g.text(40)));
      List<Endpoint> endpoints = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        int count = gen.between(0, 30);
        for (int i = 0; i < count; i++) {
          endpoints.add(new Endpoint(gen.word(LETTERS, 10) + "e" + i, kind, gen.aBoolean()));
        }
      }
      List<Address> addresses = new ArrayList<>();
      for (int i = gen.between(1, 16); i > 0; i--) {
        addresses.add(new Address(gen.word("abc", 30) + "h" + i, i));
      }
      Instance instance = instance(
          addresses, withoutSurrogates(gen.text(300)).replace('\0', ' '), metadata, endpoints);
      Map<String, String> pairs;
      try {
        pairs = MetaWriter.pairs(instance, "shop");
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("its metadata takes more than");
        return;
      }
      keepsTheRulesOfConsul(pairs);
      assertThat(read(pairs, instance)).isEqualTo(instance);
    });
  }

  /** Half of a pair is no text: UTF-8 has no form for it. */
  private static String withoutSurrogates(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Test
  void sixtyFourPairsOfOrdinaryMetadataLeaveRoomForEndpoints() {
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < 64; i++) {
      metadata.put("key-" + i, "value " + i);
    }
    Instance instance = instance(
        List.of(new Address("h", 1)), "1", metadata, List.of(new Endpoint("a", Kind.METHOD, true)));
    Map<String, String> pairs = MetaWriter.pairs(instance, "shop");
    keepsTheRulesOfConsul(pairs);
    assertThat(read(pairs, instance)).isEqualTo(instance);
    assertThat(pairs).containsEntry("key-0", "value 0");
  }

  @Test
  void aThousandEndpointsAreLeftOut() {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      endpoints.add(new Endpoint("quite-a-long-name-of-a-method-" + i, Kind.METHOD, true));
    }
    Instance instance = instance(List.of(new Address("h", 1)), "", Map.of("zone", "eu"), endpoints);
    Map<String, String> pairs = MetaWriter.pairs(instance, "shop");
    assertThat(pairs).doesNotContainKey("liblink-methods").containsEntry("zone", "eu");
    assertThat(read(pairs, instance).endpoints()).isEmpty();
  }

  @Test
  void noWeightIsSaidInWordsBecauseConsulsBeginsAtOne() {
    Instance none =
        instance(List.of(new Address("h", 1)), "", Map.of(), List.of()).withWeight(0);
    assertThat(MetaWriter.pairs(none, "shop")).containsEntry("liblink-weight", "0");
    assertThat(new MetaReader(MetaWriter.pairs(none, "shop")).isWithoutWeight()).isTrue();
  }

  @Test
  void tooMuchMetadataIsRefusedWithTheBounds() {
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < 64; i++) {
      metadata.put("key-" + i, "☃".repeat(512));
    }
    Instance instance = instance(List.of(new Address("h", 1)), "", metadata, List.of());
    assertThatThrownBy(() -> MetaWriter.pairs(instance, "shop"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("service 'pricing' is not announced")
        .hasMessageContaining("64 pairs of 512 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "liblink-format, 2, which a newer liblink reads",
    "liblink-id, xyz, is not an instance id",
    "liblink-id, 0000000000000001000000000000000g, hexadecimal",
    "liblink-node, a b, is not a node name",
    "liblink-started, yesterday, is no time",
    "liblink-started, +999999999-12-31T23:59:59Z, is no time",
    "liblink-addresses, host, is not an address",
    "liblink-addresses, host:99999, is not between",
    "liblink-methods, a..b, is not an endpoint name",
    "liblink-methods, **, is not an endpoint name",
    "liblink-queues, 'a  b', is not an endpoint name",
    "liblink-meta, nothing, a key without a value",
    "liblink-meta, a b=c, is not a metadata key",
    "liblink-meta, a=%zz, ''",
  })
  void whatSomebodyElseWroteIsRefusedWithTheReason(String key, String value, String why) {
    Instance instance = instance(List.of(new Address("h", 1)), "", Map.of(), List.of());
    Map<String, String> pairs = new TreeMap<>(MetaWriter.pairs(instance, "shop"));
    pairs.put(key, value);
    assertThatThrownBy(() -> read(pairs, instance))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anyDamageIsReadOrRefusedAndNeverWorse() {
    Gen.check(300, gen -> {
      Instance instance = instance(
          List.of(new Address("h", 1), new Address("::1", 2)),
          "1",
          Map.of("a", "b", "consul-x", "y"),
          List.of(new Endpoint("m", Kind.METHOD, true)));
      Map<String, String> pairs = new TreeMap<>(MetaWriter.pairs(instance, "shop"));
      String key = gen.oneOf(new ArrayList<>(pairs.keySet()));
      if (gen.oneIn(3)) {
        pairs.remove(key);
      } else {
        pairs.put(key, gen.text(30));
      }
      try {
        read(pairs, instance);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    });
  }
}
