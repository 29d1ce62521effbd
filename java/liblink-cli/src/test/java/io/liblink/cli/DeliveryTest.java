package io.liblink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Subscription;
import io.liblink.cli.child.TemporaryCluster;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.message.Message;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publish, subscribe, push and work against real nodes, over real TLS on loopback. */
@Timeout(180)
class DeliveryTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

  @TempDir
  Path directory;

  private TemporaryCluster cluster;
  private Node shop;

  @BeforeEach
  void start() throws IOException {
    cluster = TemporaryCluster.create("test");
    shop = Node.join(cluster.options("shop-1"));
    shop.serve(Service.named("shop")
        .topic("changed", Message.class, TopicOptions.defaults().keep(5, 1 << 20))
        .topic("price.eu", Message.class, TopicOptions.defaults().lastValues(10))
        .queue("pack", String.class, this::pack));
  }

  @AfterEach
  void stop() {
    shop.close();
    cluster.close();
  }

  private final CountDownLatch never = new CountDownLatch(1);

  private void pack(String item) throws InterruptedException {
    if (item.startsWith("bad")) {
      throw new LinkException(Status.INVALID_ARGUMENT, "no such thing: " + item);
    }
    if (item.equals("slow")) {
      never.await(30, TimeUnit.SECONDS);
    }
  }

  private Run runWith(String in, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(cluster.words()));
    return Run.withInput(ENVIRONMENT, in, all.toArray(new String[0]));
  }

  private Run run(String... words) {
    return runWith("", words);
  }

  /** A command that goes on until it is told to stop. */
  private final class Running implements AutoCloseable {
    private final CompletableFuture<Run> ended = new CompletableFuture<>();
    private final Thread thread;

    Running(String... words) {
      thread = new Thread(() -> ended.complete(run(words)));
      thread.start();
    }

    Run stop() throws Exception {
      thread.interrupt();
      return ended.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
      stop();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).isNegative();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  // ---- publish ------------------------------------------------------------------------------

  @Test
  void publishedLinesReachWhoSubscribed() throws Exception {
    List<String> got = Collections.synchronizedList(new ArrayList<>());
    try (Node reader = Node.join(cluster.options("reader"));
        Subscription s = reader
            .service("news")
            .subscribe("lines", Message.class, SubscribeOptions.defaults(), (m, e) -> {
              got.add(e.sequence() + " " + e.key() + " " + m.text() + " " + m.headers());
            })) {
      Run run = runWith(
          "tea=450\n\ncup=1290\n",
          "publish",
          "news/lines",
          "--key-split",
          "=",
          "-H",
          "Region=eu",
          "--wait-for",
          "1");

      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .contains("publishing news/lines as cli-")
          .contains("published 3 messages to 1 subscriber in ")
          .endsWith("nothing missed\n");
      await(() -> s.received() == 3);
      assertThat(got)
          .containsExactly(
              "1 tea 450 {region=eu}", "2 null  {region=eu}", "3 cup 1290 {region=eu}");
    }
  }

  @Test
  void whatIsPublishedToNobodyIsSaid() {
    Run run = run("publish", "news/lines", "hello", "-n", "2", "--linger", "1ms", "-j");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .startsWith("{\"topic\":\"news/lines\",\"published\":2,\"missed\":0,\"elapsedMicros\":")
        .endsWith("\"subscribers\":[]}\n");
    assertThat(run.err()).contains("published 2 messages in ").contains("nobody was subscribed");
  }

  @Test
  void withoutTheSubscribersThatWereWantedNothingIsPublished() {
    Run run = run("publish", "news/lines", "hello", "--wait-for", "2", "--timeout", "50ms");

    assertThat(run.exit()).isEqualTo(68);
    assertThat(run.err()).contains("DEADLINE_EXCEEDED").contains("published 0 messages");
  }

  // ---- subscribe ----------------------------------------------------------------------------

  @Test
  void whatIsKeptIsPrintedALineEach() {
    shop.publish("shop/changed", Message.text("one"));
    shop.publish("shop/changed", Message.json("{\"a\":1}").withHeader("region", "eu"));
    Run text = run("subscribe", "shop/changed", "--from", "earliest", "-n", "2");
    Run json = run("subscribe", "shop/changed", "--from", "2", "-n", "1", "-j", "--timeout", "60s");
    Run raw = run("subscribe", "shop/changed", "--from", "1m", "-n", "2", "--raw", "-q");
    Run filter = run(
        "subscribe",
        "shop/changed",
        "--from",
        "earliest",
        "-n",
        "1",
        "--filter",
        "region == \"eu\"",
        "-q");

    assertThat(text.exit()).as(text.err()).isZero();
    assertThat(text.out()).isEqualTo("one\n{\"a\":1}\n");
    assertThat(text.err())
        .startsWith("joined shop/changed at shop-1@")
        .contains("2 messages, none missed, in ");
    assertThat(json.out())
        .startsWith("{\"topic\":\"shop/changed\",\"node\":\"shop-1\",\"publisher\":\"" + shop.id()
            + "\",\"sequence\":2,\"contentType\":\"application/json\",")
        .endsWith("\"headers\":{\"region\":\"eu\"},\"body\":{\"a\":1}}\n");
    assertThat(raw.out()).isEqualTo("one{\"a\":1}");
    assertThat(raw.err()).isEmpty();
    assertThat(filter.out()).isEqualTo("{\"a\":1}\n");
  }

  @Test
  void aPatternNamesTheTopicOfEachLine() {
    shop.publish("shop/price.eu", "tea", Message.text("450"));
    Run run = run("subscribe", "shop/price.*", "--from", "earliest", "-n", "1");
    Run last = run("subscribe", "shop/>", "-n", "1", "-j");

    assertThat(run.out()).isEqualTo("shop/price.eu  450\n");
    assertThat(last.out()).contains("\"key\":\"tea\",\"lastValue\":true,");
  }

  @Test
  void aGapIsSaidAlsoToWhoWantsNoNarration() {
    for (int i = 1; i <= 20; i++) {
      shop.publish("shop/changed", Message.text("message " + i));
    }
    Run run = run("subscribe", "shop/changed", "--from", "1", "-n", "5", "-q");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo("message 16\nmessage 17\nmessage 18\nmessage 19\nmessage 20\n");
    assertThat(run.err())
        .contains("gap: 15 messages of shop/changed from shop-1@")
        .contains("not kept any more");
  }

  @Test
  void whatDoesNotComeInTimeIsAFailureOnlyWhenItWasCounted() {
    Run counted = run("subscribe", "shop/changed", "-n", "3", "--timeout", "100ms");
    Run open = run("subscribe", "shop/changed", "--timeout", "100ms");
    Run nobody = run("subscribe", "shpo/changed", "--timeout", "100ms");

    assertThat(counted.exit()).isEqualTo(68);
    assertThat(counted.err())
        .contains("DEADLINE_EXCEEDED: 0 of 3 messages of shop/changed came in time");
    assertThat(open.exit()).isZero();
    assertThat(nobody.exit()).isZero();
    assertThat(nobody.err())
        .contains("nobody publishes shpo/changed yet, waiting for it; did you mean 'shop'?");
  }

  @Test
  void aRefusalEndsWithItsStatus() {
    Run unknown = run("subscribe", "shop/chnaged");
    Run ahead = run("subscribe", "shop/changed", "--from", "99");

    assertThat(unknown.exit()).isEqualTo(76);
    assertThat(unknown.err()).contains("has no topic 'chnaged'; did you mean 'changed'?");
    assertThat(ahead.exit()).isEqualTo(75);
    assertThat(ahead.err()).contains("OUT_OF_RANGE");
    assertThat(run("subscribe", "shop/changed", "--filter", "region =").exit()).isEqualTo(2);
  }

  @Test
  void whoIsStoppedEndsInGoodOrder() throws Exception {
    Running subscriber = new Running("subscribe", "shop/changed");
    shop.topic("shop/changed").awaitSubscribers(1, Duration.ofSeconds(60));
    Run run = subscriber.stop();

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    await(() -> shop.topic("shop/changed").subscribers().isEmpty());
  }

  // ---- push ---------------------------------------------------------------------------------

  @Test
  void everyItemGetsAReceiptAndADeadLetterDecidesTheExitCode() {
    Run good = runWith("tea\ncup\n", "push", "shop/pack");
    Run bad = runWith("tea\nbad\n", "push", "shop/pack");
    Run json = run("push", "shop/pack", "bad one", "-j");

    assertThat(good.exit()).as(good.err()).isZero();
    assertThat(good.out().lines()).hasSize(2).allMatch(l -> l.contains(" acknowledged in "));
    assertThat(good.err()).contains("2 items accepted, 2 acknowledged, in ");
    assertThat(bad.exit()).isEqualTo(67);
    assertThat(bad.out())
        .contains("dead letter after 1 attempt: INVALID_ARGUMENT: no such thing: bad\n");
    assertThat(bad.err()).contains("2 items accepted, 1 acknowledged, 1 dead letter, in ");
    assertThat(json.exit()).isEqualTo(67);
    assertThat(json.out())
        .contains("\"outcome\":\"dead-letter\",\"attempts\":1,\"status\":\"INVALID_ARGUMENT\"")
        .contains("\"body\":\"bad one\"");
  }

  @Test
  void moreThanTheBufferGoesThroughIt() {
    Run run = run("push", "shop/pack", "tea", "-n", "500", "--buffer", "3");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(500);
  }

  @Test
  void whoWaitsInVainIsToldWhy() {
    Run nobody = run("push", "shpo/pack", "tea", "--timeout", "200ms");
    Run noQueue = run("push", "shop/pakc", "tea", "--timeout", "5s");
    Run slow = run("push", "shop/pack", "slow", "--timeout", "200ms");
    never.countDown();

    assertThat(nobody.exit()).isEqualTo(68);
    assertThat(nobody.err())
        .contains("1 left, which ended with this process")
        .contains("DEADLINE_EXCEEDED: nothing was settled for 200 ms: nobody works on shpo/pack;"
            + " did you mean 'shop'?");
    assertThat(noQueue.exit()).isEqualTo(68);
    assertThat(noQueue.err())
        .contains("waiting: 1 item is left")
        .contains("no queue 'pakc'")
        .contains("did you mean 'pack'?");
    assertThat(slow.exit()).isEqualTo(68);
  }

  @Test
  void whatLiesInTheSpoolIsSentByTheNext() {
    String spool = directory.resolve("spool").toString();
    Run kept = runWith("tea\ncup\n", "push", "later/pack", "--spool", spool, "--no-wait");
    assertThat(kept.exit()).as(kept.err()).isZero();
    assertThat(kept.out().lines()).hasSize(2).allMatch(l -> l.endsWith(" accepted"));
    assertThat(kept.err()).contains("2 left, kept in " + spool);

    List<String> got = Collections.synchronizedList(new ArrayList<>());
    try (Node worker = Node.join(cluster.options("worker"))) {
      worker.serve(Service.named("later").queue("pack", String.class, got::add));
      Run sent = runWith("pot\n", "push", "later/pack", "--spool", spool);

      assertThat(sent.exit()).as(sent.err()).isZero();
      assertThat(sent.out().lines()).hasSize(1);
      assertThat(sent.err())
          .contains("2 items lay in the spool and are sent first")
          .contains("2 items from before, 1 item accepted, 3 acknowledged, in ");
      assertThat(got).containsExactlyInAnyOrder("tea", "cup", "pot");
    }
  }

  // ---- work and serve -----------------------------------------------------------------------

  @Test
  void aCommandWorksOnTheItemsOfAQueue() throws Exception {
    Running worker = new Running(
        "work",
        "jobs/resize",
        "--exec",
        "read x; [ $x != bad ] || { echo no such file >&2; exit 67; }; echo done $x");
    try (Node node = Node.join(cluster.options("watcher"))) {
      node.service("jobs").awaitReady(1, Duration.ofSeconds(60));
    }
    Run push = runWith("a\nbad\n", "push", "jobs/resize", "--where", "zone != \"x\"");
    Run run = worker.stop();

    assertThat(push.exit()).as(push.err()).isEqualTo(67);
    assertThat(push.out()).contains("INVALID_ARGUMENT: no such file").contains(" acknowledged in ");
    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo("done a\n");
    assertThat(run.err())
        .contains("working on jobs/resize as cli-")
        .contains("attempt 1: INVALID_ARGUMENT: no such file")
        .contains("1 item done, 1 rejected");
  }

  @Test
  void withoutACommandItemsArePrintedAndTheCountEndsIt() throws Exception {
    try (Node node = Node.join(cluster.options("pusher"))) {
      var receipt = node.service("jobs").push("resize", "cat.jpg");
      Run run = run("work", "jobs/resize", "-n", "1", "-q");

      assertThat(run.exit()).isZero();
      assertThat(run.out()).isEqualTo("cat.jpg\n");
      assertThat(run.err()).isEmpty();
      receipt.await(Duration.ofSeconds(60));
    }
  }

  @Test
  void aServiceOfCommandsHasTopicsAndQueues() throws Exception {
    Path stop = directory.resolve("stop");
    Running served = new Running(
        "serve",
        "all",
        "--queue",
        "pack=read x; echo packed $x",
        "--topic",
        "ticks=echo k:one; echo two; until [ -e '" + stop + "' ]; do sleep 0.05; done; exit 3",
        "--topic",
        "notes",
        "--key-split",
        ":",
        "-j");
    try (Node node = Node.join(cluster.options("watcher"))) {
      node.service("all").awaitReady(1, Duration.ofSeconds(60));
    }
    Run ticks = run("subscribe", "all/ticks", "--from", "earliest", "-n", "2", "-j");
    Run push = run("push", "all/pack", "tea");
    Run ls = run("ls");
    java.nio.file.Files.createFile(stop);
    Run run = served.stop();

    assertThat(ticks.out().lines().toList().get(0)).contains("\"key\":\"k\"").contains("\"one\"");
    assertThat(ticks.out().lines().toList().get(1)).contains("\"body\":\"two\"");
    assertThat(push.exit()).as(push.err()).isZero();
    assertThat(ls.out()).contains("notes (topic), ticks (topic), pack (queue)");
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().toList().get(0))
        .contains("\"methods\":[],\"topics\":[\"ticks\",\"notes\"],\"queues\":[\"pack\"]");
    assertThat(run.out().lines().toList().get(1))
        .contains("\"queue\":\"all/pack\"")
        .contains("\"outcome\":\"acknowledged\"")
        .endsWith("\"output\":\"packed tea\\n\"}");
    assertThat(run.err()).contains("standard input has ended, all/notes is fed no more");
  }

  @Test
  void statsShowWhatWasCounted() {
    runWith("tea\ncup\n", "push", "shop/pack");
    Run run = run("stats", "shop");
    Run json = run("stats", "-j");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("COUNTER")
        .contains("shop-1@")
        .containsPattern("queue.worked +2");
    assertThat(json.out().lines()).hasSize(1).allMatch(l -> l.contains("\"queue.worked\":2"));
    assertThat(run("stats", "nobody").exit()).isEqualTo(78);
  }
}
