package io.liblink.cli.demo;

import io.liblink.Node;
import io.liblink.Producer;
import io.liblink.RemoteService;
import io.liblink.cli.child.Child;
import io.liblink.cli.child.ChildCommand;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.demo.Shop.Order;
import io.liblink.cli.demo.Shop.Parcel;
import io.liblink.cli.demo.Shop.Receipt;
import io.liblink.cli.demo.Shop.Reserved;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.ProducerOptions;
import io.liblink.message.Address;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One performance of the demonstration. */
final class Play {
  /** Ample, for machines that do ten other things: nothing here is decided by how fast it is. */
  private static final Duration START = Duration.ofSeconds(60);

  private static final Duration WORK = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int PARCELS = 3_000;
  private static final int CUSTOMERS = 8;
  private static final int WARM_UP = 200;
  private static final long WARM_UP_NANOS = Duration.ofSeconds(1).toNanos();

  /** What a node's counters say; the rest of the answer does not matter here. */
  record Stats(Map<String, Long> counters) {
    long of(String name) {
      return counters.getOrDefault(name, 0L);
    }
  }

  private final Invocation call;
  private final Stage stage;
  private final TemporaryCluster cluster;
  private final Belongings belongings;
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<String, Address> addresses = new LinkedHashMap<>();

  Play(Invocation call, TemporaryCluster cluster, Belongings belongings) {
    this.call = call;
    this.stage = new Stage(call.console());
    this.cluster = cluster;
    this.belongings = belongings;
  }

  int run(Duration before, Duration after) throws Exception {
    try {
      return perform(before, after);
    } catch (LinkException e) {
      complain();
      throw e;
    }
  }

  /** When it fails in a way that is not in the play: what the processes had to say. */
  private void complain() {
    for (Child child : children.values()) {
      List<String> said = child.complaints();
      for (String line : said.subList(Math.max(0, said.size() - 3), said.size())) {
        call.console().problem(child.name() + " says: " + line);
      }
    }
  }

  private int perform(Duration before, Duration after) throws Exception {
    long start = call.time().nanos();
    stage.title("A shop on this machine");
    stage.say(
        "Six processes, each a node of its own. Nothing is configured: they find each other in a"
            + " directory, and prove who they are with a key that was made a moment ago.");
    open();
    Node customer = belongings.keep(
        Node.join(cluster.options("customer").timeouts(t -> t.call(ChildCommand.CALL))));
    oneOrder(customer.service("orders"));
    Till till = belongings.keep(new Till(customer.service("orders")));
    Customers customers = killOne(customer, before, after);
    events(customers, till);
    killWorker(customer);
    intruders(customer);
    stage.title("In short");
    stage.say("7 nodes, 6 processes, "
        + Figures.count(customers.served(), "order")
        + " of three calls and an event each, "
        + Figures.count(PARCELS, "parcel")
        + " of work; two processes killed, "
        + Figures.count(customers.failed(), "failed order")
        + ", nothing lost; 2 intruders refused; "
        + Figures.time(call.time().nanos() - start)
        + ". The cluster and its key are gone now, and nothing of yours was touched.");
    return stage.verdict();
  }

  private void open() throws IOException, InterruptedException {
    start("pricing", "pricing-1");
    start("pricing", "pricing-2");
    start("stock", "stock-1");
    start("orders", "orders-1");
    start("packing", "packing-1");
    start("packing", "packing-2");
    stage.blank();
    for (Child child : children.values()) {
      Address address = Address.parse(child.awaitReady(START));
      addresses.put(child.name(), address);
      stage.up(child.name(), "process " + child.pid(), address.toString());
    }
  }

  private void start(String service, String node) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(cluster.words()));
    words.addAll(List.of("child", service, node));
    children.put(node, belongings.keep(Child.start(node, words)));
  }

  private Child child(String node) {
    return Objects.requireNonNull(children.get(node));
  }

  private void oneOrder(RemoteService orders) {
    stage.title("An order");
    stage.dim("customer -> orders/place -> pricing/price, stock/reserve");
    Order cups = new Order("cup", 3);
    Receipt receipt = orders.call("place", cups, Receipt.class);
    long fastest = Long.MAX_VALUE;
    long begin = call.time().nanos();
    for (int i = 0; i < WARM_UP && call.time().nanos() - begin < WARM_UP_NANOS; i++) {
      long start = call.time().nanos();
      orders.call("place", cups, Receipt.class);
      fastest = Math.min(fastest, call.time().nanos() - start);
    }
    stage.say("3 cups for "
        + money(receipt.totalCents())
        + ", priced by "
        + receipt.pricedBy()
        + ". Three calls, each encrypted and between nodes that proved who they are; once warm they"
        + " take "
        + Figures.time(fastest)
        + " together.");
    try {
      orders.call("place", new Order("car", 1), Receipt.class);
      stage.broken("an order for something that the shop does not have was taken");
    } catch (LinkException e) {
      stage.say(
          "An order for a car fails as it should, with the words of the service that refused:");
      stage.quote("", e.status() + ": " + e.problem());
    }
  }

  private static String money(long cents) {
    return cents / 100 + "." + (cents % 100 < 10 ? "0" : "") + cents % 100;
  }

  private Customers killOne(Node node, Duration before, Duration after)
      throws InterruptedException {
    stage.title("A process is killed");
    Customers customers = belongings.keep(new Customers(node.service("orders"), call.time()));
    stage.say(CUSTOMERS + " customers order as fast as they can.");
    customers.enter(CUSTOMERS);
    watch(customers, before);
    Child victim = child("pricing-1");
    long until = customers.served();
    victim.kill();
    stage.kill(
        "kill -9 " + victim.pid(),
        "(pricing-1, in the middle of its work, after " + Figures.count(until, "order") + ")");
    watch(customers, after);
    customers.close();
    long failed = customers.failed();
    long repeated = stats(node, "orders-1").of("calls.repeated");
    stage.say(Figures.count(customers.served(), "order")
        + ", "
        + stage.good(failed == 0, failed == 0 ? "none failed" : failed + " failed")
        + "; the slowest took "
        + Figures.time(customers.slowestNanos())
        + ". pricing-1 had answered "
        + Figures.grouped(customers.pricedBy("pricing-1"))
        + " when it died, pricing-2 answered "
        + Figures.grouped(customers.pricedBy("pricing-2"))
        + ". "
        + repeated(repeated));
    if (failed > 0) {
      stage.broken("orders failed when an instance was killed: " + customers.problem());
    }
    return customers;
  }

  /** Every order was also published; the till had subscribed before the first of these. */
  private void events(Customers customers, Till till) throws InterruptedException {
    stage.title("Events");
    long end = call.time().nanos() + PATIENCE.toNanos();
    while (till.events() + till.missed() < customers.served() && call.time().nanos() - end < 0) {
      belongings.pause(Duration.ofMillis(5));
    }
    long events = till.events();
    boolean all = events >= customers.served() && till.missed() == 0 && till.inOrder();
    stage.dim("orders -> orders/placed -> the till, which subscribed before the customers came");
    stage.say(Figures.count(events, "event")
        + " for "
        + Figures.count(customers.served(), "order")
        + ", "
        + stage.good(all, all ? "none missed" : Figures.grouped(till.missed()) + " missed")
        + ", in the order in which they were published. The turnover is "
        + money(till.cents())
        + ". A till that is too slow, or away for a moment, would be told how many it missed.");
    if (!all) {
      stage.broken("the till heard of " + events + " of " + customers.served() + " orders, missed "
          + till.missed());
    }
  }

  private void killWorker(Node node) throws InterruptedException {
    stage.title("A worker is killed");
    stage.dim("packing/pack, two workers -> shipping/ship");
    Depot depot = new Depot();
    node.serve(depot.service());
    List<Parcel> parcels = new ArrayList<>();
    for (int i = 1; i <= PARCELS; i++) {
      parcels.add(new Parcel(i, "", 0));
    }
    stage.say(Figures.count(PARCELS, "parcel")
        + " are pushed to a queue, and each gets a receipt. A worker acknowledges one when the next"
        + " queue has taken it.");
    try (Producer producer = node.service("packing").producer("pack", ProducerOptions.defaults())) {
      List<io.liblink.Receipt> receipts = producer.pushAll(parcels);
      watch(depot, PARCELS / 3);
      Child victim = child("packing-1");
      int until = depot.arrived();
      victim.kill();
      stage.kill(
          "kill -9 " + victim.pid(),
          "(packing-1, in the middle of its work, after " + Figures.count(until, "parcel") + ")");
      watch(depot, PARCELS);
      drain(producer);
      long acknowledged = receipts.stream().filter(Play::acknowledged).count();
      parcels(depot, acknowledged);
    }
  }

  private void drain(Producer producer) {
    try {
      producer.drain(WORK);
    } catch (LinkException e) {
      stage.broken(e.problem());
    }
  }

  private static boolean acknowledged(io.liblink.Receipt receipt) {
    return receipt.isDone() && !receipt.done().isCompletedExceptionally();
  }

  private void parcels(Depot depot, long acknowledged) {
    int lost = PARCELS - depot.arrived();
    boolean good = lost == 0 && acknowledged == PARCELS;
    stage.say(Figures.grouped(acknowledged)
        + " acknowledged, "
        + Figures.grouped(depot.arrived())
        + " arrived, "
        + stage.good(good, Figures.grouped(lost) + " lost")
        + ". packing-1 had packed "
        + Figures.grouped(depot.packedBy("packing-1"))
        + " when it died, packing-2 packed "
        + Figures.grouped(depot.packedBy("packing-2"))
        + ". "
        + twice(depot.twice()));
    if (!good) {
      stage.broken(
          acknowledged + " of " + PARCELS + " parcels were acknowledged, " + lost + " lost");
    }
    if (depot.unmarked() > 0) {
      stage.broken(depot.unmarked() + " parcels came twice without saying so");
    }
  }

  private static String twice(long count) {
    if (count == 0) {
      return "None arrived twice.";
    }
    return Figures.count(count, "parcel")
        + " arrived twice, since packing-1 had passed "
        + (count == 1 ? "it" : "them")
        + " on but not yet said so; the second copy says that it is the second attempt.";
  }

  /** Shows how many arrived, until there are so many. */
  private void watch(Depot depot, int wanted) throws InterruptedException {
    long end = call.time().nanos() + WORK.toNanos();
    while (depot.arrived() < wanted && call.time().nanos() - end < 0) {
      belongings.pause(Duration.ofMillis(20));
      stage.progress(Figures.count(depot.arrived(), "parcel") + " packed and passed on");
    }
    stage.progressOver();
  }

  private static String repeated(long count) {
    if (count == 0) {
      return "No call was with pricing-1 at that moment.";
    }
    return Figures.count(count, "call")
        + (count == 1 ? " was" : " were")
        + " with pricing-1 at that moment and went to pricing-2 without being asked to: 'price' is"
        + " declared idempotent, so a repeat is safe.";
  }

  /** Shows the count while it grows, where somebody watches. */
  private void watch(Customers customers, Duration time) throws InterruptedException {
    long end = call.time().nanos() + time.toNanos();
    while (call.time().nanos() - end < 0) {
      belongings.pause(Duration.ofMillis(Math.min(100, time.toMillis())));
      stage.progress(Figures.count(customers.served(), "order")
          + ", "
          + Figures.grouped(customers.failed())
          + " failed");
    }
    stage.progressOver();
  }

  private static Stats stats(Node node, String of) {
    return node.service("liblink")
        .to(of)
        .timeout(PATIENCE)
        .call("stats", Message.empty(), Stats.class);
  }

  private void intruders(Node node) throws Exception {
    stage.title("Two intruders");
    stage.say("One is on this network, knows the cluster's name, and holds another key:");
    try (Node stranger = Node.join(cluster.options("stranger").keyFile(cluster.strangeKeyFile()))) {
      stranger
          .service("stock")
          .timeout(PATIENCE)
          .call("reserve", new Order("pot", 999), Reserved.class);
      stage.broken("a node with another key was let in");
    } catch (LinkException e) {
      stage.quote("it hears", e.status() + ": " + e.problem());
    }
    stage.say("The other speaks TLS and the right protocol, and has no certificate:");
    String heard = Stranger.knock(Objects.requireNonNull(addresses.get("stock-1")));
    if (heard.isEmpty()) {
      stage.broken("somebody without a certificate was let in");
      return;
    }
    stage.quote("it hears", heard);
    String reason = reason("stock-1");
    if (!reason.isEmpty()) {
      stage.quote("stock-1 says", reason);
    }
    Stats stats = stats(node, "stock-1");
    long failed = stats.of("drop.handshake_refused") + stats.of("drop.handshake_broken");
    stage.say(
        "stock-1 has counted " + Figures.count(failed, "handshake") + " that came to nothing.");
  }

  /** What the node that decided has to say about it; empty when it says nothing. */
  private String reason(String node) throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      for (String complaint : child(node).complaints()) {
        if (complaint.contains("certificate")) {
          return complaint.replaceFirst("^liblink: ", "");
        }
      }
      belongings.pause(Duration.ofMillis(50));
    }
    return "";
  }
}
