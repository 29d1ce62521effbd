package io.liblink.examples;

import io.liblink.Explanation;
import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.Served;
import io.liblink.Service;
import io.liblink.topology.Routing;
import java.time.Duration;

/** The code of docs/guide/topology.md. */
final class TopologyExample {
  private TopologyExample() {}

  record Sku(String id) {}

  record Quote(Sku sku, int cents) {}

  static void metadata(Node node) {
    Served pricing = node.serve(Service.named("pricing")
        .version("2.1")
        .meta("tier", "gold")
        .method("quote", Sku.class, sku -> new Quote(sku, 1299)));
    pricing.meta("tier", "silver"); // the watchers know within seconds
    pricing.weight(3);
    node.meta("zone", "eu-2");
  }

  static NodeOptions rules() {
    return NodeOptions.cluster("shop")
        .meta("zone", "eu-1")
        .meta("region", "eu")
        .routing(Routing.defaults().preferSame("zone", "region"))
        .routing("pricing", Routing.defaults().split(5, "version == '2'"))
        .routing(
            "ledger",
            Routing.defaults()
                .failover("datacenter == 'eu'", "datacenter == 'us'")
                .subset(10)
                .slowStart(Duration.ofMinutes(2)));
  }

  static Quote sticky(Node node, String customer) {
    RemoteService pricing = node.service("pricing").sticky(customer);
    return pricing.call("quote", new Sku("A-1"), Quote.class);
  }

  static void groups() {
    Node eu = Node.join(NodeOptions.cluster("shop").groups("eu", "audit"));
    eu.serve(Service.named("ledger").groups("eu").method("book", r -> r.message()));
    eu.serve(Service.named("vault")
        .callers("node matches '^till-' and zone == 'eu-1'")
        .method("open", r -> r.message()));
  }

  static void explain(Node node) {
    Explanation why = node.service("pricing").where("zone == 'eu-1'").explain();
    System.out.println(why.summary());
    for (Explanation.Place place : why.instances()) {
      System.out.println(place.instance().label() + " " + place.step() + " " + place.reason());
    }
  }
}
