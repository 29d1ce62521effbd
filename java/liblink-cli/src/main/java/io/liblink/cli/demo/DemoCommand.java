package io.liblink.cli.demo;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.cli.args.Shape;
import io.liblink.cli.child.Child;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.demo.Shop.Order;
import io.liblink.cli.demo.Shop.Receipt;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Paint;
import io.liblink.message.Address;
import io.liblink.status.LinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows on this machine what liblink does: a shop of real processes, an order through three of them,
 * a process killed under load, and two intruders. Uses a cluster, key and registry of its own.
 */
public final class DemoCommand implements Command {
  private static final Duration START = Duration.ofSeconds(20);
  private static final int CUSTOMERS = 8;
  private static final long BEFORE_MILLIS = 2_000;
  private static final long AFTER_MILLIS = 3_000;

  @Override
  public Shape shape() {
    return Shape.of("demo", "a small shop of real processes: calls, a killed instance, intruders")
        .example("liblink demo", "about ten seconds, touches nothing of yours")
        .note("Exit code: 0 when everything went as promised, 1 otherwise.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    List<AutoCloseable> toClose = new ArrayList<>();
    Thread hook = new Thread(() -> closeAll(toClose), "liblink-demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      TemporaryCluster cluster = TemporaryCluster.create("demo");
      register(toClose, cluster);
      return new Play(call, cluster, toClose, gone).run();
    } finally {
      closeAll(toClose);
      removeHook(hook);
    }
  }

  private static void register(List<AutoCloseable> toClose, AutoCloseable one) {
    synchronized (toClose) {
      toClose.add(one);
    }
  }

  /** Last opened, first closed; what fails to close keeps nothing else from it. */
  private static void closeAll(List<AutoCloseable> toClose) {
    synchronized (toClose) {
      for (int i = toClose.size() - 1; i >= 0; i--) {
        try {
          toClose.get(i).close();
        } catch (Exception e) {
          // the process ends anyway, and the next one must be closed too
        }
      }
      toClose.clear();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending and the hook runs
    }
  }

  /** One performance. */
  private static final class Play {
    private final Invocation call;
    private final Console console;
    private final Paint paint;
    private final TemporaryCluster cluster;
    private final List<AutoCloseable> toClose;
    private final CountDownLatch gone;
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final Map<String, Address> addresses = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();

    Play(
        Invocation call,
        TemporaryCluster cluster,
        List<AutoCloseable> toClose,
        CountDownLatch gone) {
      this.call = call;
      this.console = call.console();
      this.paint = call.console().dataPaint();
      this.cluster = cluster;
      this.toClose = toClose;
      this.gone = gone;
    }

    int run() throws Exception {
      long start = call.time().nanos();
      title("A shop on this machine");
      say(
          "Four processes, each a node of its own. Nothing is configured: they find each other in a");
      say("directory, and prove who they are with a key that was made a moment ago.");
      open();
      try (Node customer = Node.join(cluster.options("customer"))) {
        oneOrder(customer.service("orders"));
        Customers customers = killOne(customer.service("orders"));
        intruders();
        return summary(customers, call.time().nanos() - start);
      }
    }

    private void title(String text) {
      console.line("\n" + paint.bold(text));
    }

    private void say(String text) {
      console.line("  " + text);
    }

    private void open() throws IOException, InterruptedException {
      start("pricing", "pricing-1");
      start("pricing", "pricing-2");
      start("stock", "stock-1");
      start("orders", "orders-1");
      console.line("");
      for (Child child : children.values()) {
        Address address = Address.parse(child.awaitReady(START));
        addresses.put(child.name(), address);
        say(paint.green("up  ")
            + pad(child.name(), 11)
            + pad("process " + child.pid(), 17)
            + address);
      }
    }

    private void start(String service, String node) throws IOException {
      List<String> words = new ArrayList<>(List.of(cluster.words()));
      words.addAll(List.of("child", service, node));
      Child child = Child.start(node, words);
      register(toClose, child);
      children.put(node, child);
    }

    private Child child(String node) {
      return Objects.requireNonNull(children.get(node));
    }

    private static String pad(String text, int width) {
      return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private void oneOrder(RemoteService orders) {
      title("An order");
      say(paint.dim("customer -> orders/place -> pricing/price, stock/reserve"));
      Receipt receipt = orders.call("place", new Order("cup", 3), Receipt.class);
      long start = call.time().nanos();
      orders.call("place", new Order("cup", 3), Receipt.class);
      long nanos = call.time().nanos() - start;
      say("3 cups for "
          + money(receipt.totalCents())
          + ", priced by "
          + receipt.pricedBy()
          + ". The second order took "
          + Figures.time(nanos)
          + " for its three calls,");
      say("each encrypted (TLS 1.3) and between nodes that proved who they are.");
      try {
        orders.call("place", new Order("car", 1), Receipt.class);
        broken.add("an order for something that does not exist was taken");
      } catch (LinkException e) {
        say("An order for a car fails as it should: "
            + paint.yellow(e.status() + ": " + e.problem()));
      }
    }

    private static String money(int cents) {
      return cents / 100 + "." + (cents % 100 < 10 ? "0" : "") + cents % 100;
    }

    private Customers killOne(RemoteService orders) throws InterruptedException {
      title("A process is killed");
      Customers customers = new Customers(orders, call.time());
      customers.enter(CUSTOMERS);
      pause(BEFORE_MILLIS);
      Child victim = child("pricing-1");
      long before = customers.served();
      say(CUSTOMERS
          + " customers order as fast as they can; "
          + Figures.count(before, "order")
          + " so far.");
      say(paint.red("kill -9 " + victim.pid()) + "  (pricing-1, in the middle of its work)");
      victim.kill();
      pause(AFTER_MILLIS);
      customers.close();
      long failed = customers.failed();
      String verdict =
          failed == 0 ? paint.green("none failed") : paint.red(Figures.grouped(failed) + " failed");
      say(Figures.count(customers.served(), "order")
          + ", "
          + verdict
          + "; the slowest took "
          + Figures.time(customers.slowestNanos())
          + ".");
      say("pricing-1 answered "
          + Figures.grouped(customers.pricedBy("pricing-1"))
          + " before it died, pricing-2 "
          + Figures.grouped(customers.pricedBy("pricing-2"))
          + ". What was with pricing-1 at that");
      say("moment was asked again, by itself, because 'price' is declared idempotent.");
      if (failed > 0) {
        broken.add("orders failed when an instance was killed: " + customers.problem());
      }
      return customers;
    }

    /** Waits, but not when the demonstration is being ended. */
    private void pause(long millis) throws InterruptedException {
      boolean ended = gone.await(millis, TimeUnit.MILLISECONDS);
      if (ended) {
        throw new InterruptedException();
      }
    }

    private void intruders() throws Exception {
      title("Two intruders");
      say("One is on this network, knows the cluster's name, and holds another key:");
      try (Node stranger =
          Node.join(cluster.options("stranger").keyFile(cluster.strangeKeyFile()))) {
        stranger
            .service("stock")
            .timeout(Duration.ofSeconds(3))
            .call("reserve", new Order("pot", 999), Shop.Reserved.class);
        broken.add("a node with another key was let in");
      } catch (LinkException e) {
        quote(e.status() + ": " + e.problem());
      }
      say("The other speaks TLS and has no certificate:");
      String heard = Stranger.knock(Objects.requireNonNull(addresses.get("stock-1")));
      if (heard.isEmpty()) {
        broken.add("somebody without a certificate was let in");
      } else {
        quote("to it: " + heard);
        reason("stock-1");
      }
    }

    /** What the node that decided has to say about it. */
    private void reason(String node) throws InterruptedException {
      for (int i = 0; i < 20; i++) {
        List<String> complaints = child(node).complaints();
        if (!complaints.isEmpty()) {
          quote(node + ": " + complaints.get(complaints.size() - 1));
          return;
        }
        pause(50);
      }
    }

    private void quote(String text) {
      say("  " + paint.yellow(text));
    }

    private int summary(Customers customers, long nanos) {
      title("In short");
      say("5 nodes, 4 processes, "
          + Figures.count(customers.served(), "order")
          + " of three calls each in "
          + Figures.time(nanos)
          + "; one process killed, "
          + Figures.count(customers.failed(), "failed order")
          + ";");
      say(
          "2 intruders refused. The cluster and its key are gone now; nothing of yours was touched.");
      broken.forEach(b -> console.problem(console.paint().red("Not as promised: ") + b));
      if (broken.isEmpty()) {
        console.say("\nNow yours, in two terminals:");
        console.say("  liblink serve greeter --method hello='sed \"s/^/Hello, /\"'");
        console.say("  liblink call greeter/hello Ada");
      }
      return broken.isEmpty() ? 0 : 1;
    }
  }
}
