package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Filter;
import io.liblink.registry.Instance;
import io.liblink.registry.View;
import io.liblink.registry.Views;
import io.liblink.routing.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What nobody uses is left out by Consul itself, and nothing else is. */
class ConsulNarrowTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Values that are hard to quote or to compare, and keys that are not there. */
  private static final List<String> ZONES =
      List.of("eu", "us", "", "/eu/a", "a\"b", "a`b", "a\\b", "Zürich", "eu us", "none");

  private static final List<String> SELECTORS = List.of(
      "zone == 'eu'",
      "zone != 'eu'",
      "zone == ''",
      "zone != ''",
      "zone == '/eu/a'",
      "zone == `a\"b`",
      "zone == \"a`b\"",
      "zone != \"a`b\"",
      "zone == `a\\b`",
      "zone == 'Zürich'",
      "'eu' in zone",
      "'eu' not in zone",
      "zone contains 'u'",
      "zone not contains 'u'",
      "not (zone == 'eu' or zone == 'us')",
      "zone == 'eu' and tier == '1' or zone == 'us' and not tier == '1'",
      "tier != '1' and absent != 'x'",
      "absent == 'x'",
      "node == 'node-3'",
      "node != 'node-3'",
      "id == '" + new NodeId(7, 5) + "'",
      "version == '2'",
      "version != '2'",
      "meta['long'] contains 'x'",
      "meta['consul-x'] == '1'",
      "meta['liblink-x'] == '1'");

  private static Instance instance(int n) {
    Map<String, String> metadata = new TreeMap<>();
    String zone = ZONES.get(n % ZONES.size());
    if (!zone.equals("none")) {
      metadata.put("zone", zone);
    }
    if (n % 3 != 0) {
      metadata.put("tier", n % 3 == 1 ? "1" : "2");
    }
    if (n % 20 == 7) {
      metadata.put("long", "x".repeat(513)); // packed: Consul holds no such values
    }
    if (n % 20 == 8) {
      metadata.put("consul-x", "1");
    }
    if (n % 20 == 9) {
      metadata.put("liblink-x", "1");
    }
    return new Instance(
        "pricing",
        "node-" + n,
        new NodeId(7, n),
        List.of(new Address("10.0.0." + (n + 1), 7400)),
        n % 4 == 0 ? "" : String.valueOf(n % 4),
        metadata,
        true,
        1_732_000_000_123L,
        List.of(),
        1,
        "dc1",
        "");
  }

  private static void put(ConsulAgent agent, List<Instance> instances) {
    agent.put("/v1/catalog/register", "{\"Node\":\"many\",\"Address\":\"10.9.9.9\"}");
    ArrayNode operations = JSON.createArrayNode();
    for (Instance i : instances) {
      ObjectNode set = operations.addObject().putObject("Service");
      set.put("Verb", "set").put("Node", "many");
      ObjectNode service = set.putObject("Service");
      service.put("ID", Registration.id(i)).put("Service", i.service());
      service.put("Address", i.addresses().get(0).host()).put("Port", 7400);
      service.putObject("Weights").put("Passing", 1).put("Warning", 1);
      ObjectNode meta = service.putObject("Meta");
      MetaWriter.pairs(i, "shop").forEach(meta::put);
    }
    agent.put("/v1/txn", operations.toString());
    agent.put(
        "/v1/catalog/register",
        "{\"Node\":\"many\",\"Address\":\"10.9.9.9\",\"Service\":"
            + "{\"ID\":\"stranger\",\"Service\":\"pricing\",\"Port\":80}}");
  }

  private static Set<NodeId> selected(View view, Filter filter) {
    return view.instances().stream()
        .filter(filter::test)
        .map(Instance::id)
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsSelectedStaysAndTheRestIsLeftOut() {
    try (ConsulAgent agent = ConsulAgent.start();
        ConsulMember a = new ConsulMember(agent.uri(), "shop", "a")) {
      List<Instance> all = new ArrayList<>();
      for (int n = 0; n < 60; n++) {
        all.add(instance(n));
      }
      put(agent, all);
      Views seen = a.watch("pricing");
      View whole = seen.await("all", v -> v.instances().size() == all.size());
      assertThat(whole.onlyFor()).isEmpty();

      List<String> notPushed = new ArrayList<>();
      for (String text : SELECTORS) {
        Selector selector = Selector.parse(text);
        if (Cut.of("shop", List.of(selector)).onlyFor().isEmpty()) {
          notPushed.add(text);
          continue;
        }
        a.registry().narrow("pricing", List.of(selector));
        View narrow = seen.await(text, v -> v.onlyFor().equals(List.of(selector.toString())));
        assertThat(selected(narrow, selector)).as(text).isEqualTo(selected(whole, selector));
        long packed = narrow.instances().stream().filter(i -> !selector.test(i)).count();
        assertThat(packed).as("left in by " + text).isLessThanOrEqualTo(9);
        assertThat(narrow.skipped()).as(text).hasSize(1);
        assertThat(narrow.problem()).as(text).isEmpty();
      }
      assertThat(notPushed).containsExactly("meta['liblink-x'] == '1'");

      a.registry().narrow("pricing", List.of());
      seen.await(
          "all again", v -> v.instances().size() == all.size() && v.onlyFor().isEmpty());
    }
  }

  @Test
  void severalSelectorsAreOneFilter() {
    try (ConsulAgent agent = ConsulAgent.start();
        ConsulMember a = new ConsulMember(agent.uri(), "shop", "a")) {
      List<Instance> all = new ArrayList<>();
      for (int n = 0; n < 40; n++) {
        all.add(instance(n));
      }
      put(agent, all);
      Views seen = a.watch("pricing");
      seen.await("all", v -> v.instances().size() == all.size());
      a.registry()
          .narrow(
              "pricing", List.of(Selector.parse("zone == 'eu'"), Selector.parse("zone == 'us'")));
      View narrow = seen.await("both", v -> v.onlyFor().size() == 2);
      assertThat(narrow.instances().stream().map(i -> i.metadata().get("zone")))
          .contains("eu", "us");
      assertThat(narrow.instances()).hasSizeBetween(8, 14);
    }
  }

  @Test
  void whatConsulsLanguageHasNoWordForIsNotLeftOut() {
    for (String text : List.of("zone matches 'e.'", "zone is empty", "'zone' in meta")) {
      assertThat(Cut.of("shop", List.of(Selector.parse(text)))).isEqualTo(Cut.none("shop"));
    }
  }

  @Test
  void aFilterThatIsTooLongIsNotSent() {
    Selector selector = Selector.parse("zone == '" + "x".repeat(4000) + "'");
    Selector other = Selector.parse("zone == '" + "y".repeat(4000) + "'");
    assertThat(Cut.of("shop", List.of(selector, other))).isEqualTo(Cut.none("shop"));
  }
}
