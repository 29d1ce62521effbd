package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingsTest {
  private static final Paint PLAIN = new Paint(false);
  private static final Instance ONE = instance("pricing-1", 0xabcL << 52, true, "1.2", "quote");
  private static final Instance TWO =
      instance("pricing-2", 0xdefL << 52, false, "", "quote", "list");
  private static final LinkException FAILURE = LinkException.failure(
          Status.UNAVAILABLE, Stage.CONNECT, "connection refused")
      .ran(Ran.NO)
      .instance("pricing-2@def00000")
      .address("127.0.0.1:2")
      .attempts(2)
      .elapsed(Duration.ofMillis(12))
      .build();

  private static final ViewFacts VIEW = new ViewFacts("local:", 0, "", List.of());

  private static Instance instance(
      String node, long id, boolean ready, String version, String... methods) {
    return new Instance(
        "pricing",
        node,
        new NodeId(id, 1),
        List.of(new Address("127.0.0.1", 4711)),
        version,
        Map.of("zone", "eu", "a", "b"),
        ready,
        1_000_000,
        java.util.Arrays.stream(methods)
            .map(m -> new Endpoint(m, Endpoint.Kind.METHOD, m.equals("quote")))
            .toList());
  }

  @Test
  void aServiceIsOneRow() {
    LsCommand.Row row = LsCommand.Row.of("pricing", List.of(ONE, TWO), VIEW);

    assertThat(LsCommand.table(List.of(row)).render(PLAIN))
        .isEqualTo("SERVICE  READY  VERSION  ENDPOINTS    NODES\n"
            + "pricing    1/2  1.2      list, quote  pricing-1, pricing-2\n");
    assertThat(new Json().line(row.object()))
        .isEqualTo("{\"service\":\"pricing\",\"ready\":1,\"total\":2,\"versions\":[\"1.2\"],"
            + "\"datacenters\":[],\"weights\":[1],\"groups\":[],"
            + "\"methods\":[\"list\",\"quote\"],\"topics\":[],\"queues\":[],"
            + "\"nodes\":[\"pricing-1\",\"pricing-2\"],\"notReady\":[\"pricing-2@def00000\"],"
            + "\"source\":\"local:\",\"ageMillis\":0,\"problem\":\"\",\"skipped\":[]}");
  }

  @Test
  void topicsAndQueuesAreListedAsWhatTheyAre() {
    Instance instance = new Instance(
        "shop",
        "shop-1",
        new NodeId(1, 1),
        List.of(new Address("127.0.0.1", 1)),
        "",
        Map.of(),
        true,
        0,
        List.of(
            new Endpoint("pack", Endpoint.Kind.QUEUE, false),
            new Endpoint("changed", Endpoint.Kind.TOPIC, false),
            new Endpoint("quote", Endpoint.Kind.METHOD, true)));
    LsCommand.Row row = LsCommand.Row.of("shop", List.of(instance), VIEW);

    assertThat(LsCommand.table(List.of(row)).render(PLAIN))
        .contains("quote, changed (topic), pack (queue)  shop-1");
    assertThat(new Json().line(row.object()))
        .contains("\"methods\":[\"quote\"],\"topics\":[\"changed\"],\"queues\":[\"pack\"]");
    assertThat(InfoCommand.render(
            "shop", List.of(new InfoCommand.Seen(instance, null, FAILURE)), VIEW, 0, PLAIN))
        .contains("  shop/changed (topic)\n")
        .contains("  shop/pack (queue)\n")
        .contains("  shop/quote (idempotent)\n");
  }

  private static Instance elsewhere(int weight, String datacenter, String groups, String note) {
    return new Instance(
        "pricing",
        "pricing-9",
        new NodeId(0x123L << 52, 1),
        List.of(new Address("127.0.0.1", 4711)),
        "",
        groups.isEmpty() ? Map.of() : Map.of("liblink-groups", groups),
        note.isEmpty(),
        0,
        List.of(),
        weight,
        datacenter,
        note);
  }

  @Test
  void whatOnlySomeRegistriesKnowHasColumnsWhenItIsThere() {
    LsCommand.Row row = LsCommand.Row.of(
        "pricing", List.of(ONE, elsewhere(7, "eu", "b,a", "in maintenance: disk")), VIEW);

    assertThat(LsCommand.table(List.of(row)).render(PLAIN))
        .isEqualTo(
            "SERVICE  READY  VERSION  DATACENTER  WEIGHT  GROUPS  ENDPOINTS  NODES\n"
                + "pricing    1/2  1.2      eu          1, 7    a, b    quote      pricing-1, pricing-9\n");
    assertThat(row.notReady()).containsExactly("pricing-9@12300000: in maintenance: disk");
  }

  @Test
  void aServiceOfWhichNothingCanBeUsedIsARowAllTheSame() {
    ViewFacts view = new ViewFacts(
        "consul://c", 0, "", List.of(new ExplainFacts.Skipped("legacy", "not of liblink")));

    assertThat(LsCommand.Row.of("web", List.of(), view).isWorthARow()).isTrue();
    assertThat(LsCommand.Row.of("web", List.of(), VIEW).isWorthARow()).isFalse();
    assertThat(
            LsCommand.table(List.of(LsCommand.Row.of("web", List.of(), view))).render(PLAIN))
        .contains("web        0/0  -");
  }

  @Test
  void infoSaysWhyWhereAndWhatIsSkipped() {
    ViewFacts old = new ViewFacts(
        "consul://c",
        61_000,
        "nobody listens at c:8500",
        List.of(new ExplainFacts.Skipped("legacy on vm", "it was not announced by liblink")));
    Instance instance = elsewhere(0, "eu", "a", "in maintenance: disk");

    assertThat(InfoCommand.render(
            "pricing", List.of(new InfoCommand.Seen(instance, null, FAILURE)), old, 0, PLAIN))
        .startsWith("pricing: 1 instance, 0 ready, in consul://c, 1 min 1 s old: nobody listens"
            + " at c:8500\n")
        .contains("pricing-9@12300000  not ready: in maintenance: disk, up 0 ns\n")
        .contains("  datacenter  eu\n")
        .contains("  weight      0\n")
        .contains("  groups      a\n")
        .endsWith("skipped\n  legacy on vm: it was not announced by liblink\n");
  }

  @Test
  void manyMethodsAreShortened() {
    LsCommand.Row row = LsCommand.Row.of(
        "pricing", List.of(instance("n", 1, true, "", "a", "b", "c", "d", "e", "f")), VIEW);

    assertThat(LsCommand.table(List.of(row)).render(PLAIN)).contains("a, b, c, d and 2 more");
  }

  @Test
  void infoShowsInstancesAndWhatTheirNodesSay() {
    NodeFacts facts = new NodeFacts(
        "pricing-1",
        "x",
        "0.1.0",
        "Java 25",
        "epoll",
        "BoringSSL",
        "liblink-ca-x",
        List.of(),
        "",
        0,
        0);
    String text = InfoCommand.render(
        "pricing",
        List.of(new InfoCommand.Seen(ONE, facts, null), new InfoCommand.Seen(TWO, null, FAILURE)),
        VIEW,
        1_000_000 + 65_000,
        PLAIN);

    assertThat(text).isEqualTo("""
            pricing: 2 instances, 1 ready, in local:, up to date
              pricing/list  only pricing-2@def00000
              pricing/quote (idempotent)

            pricing-1@abc00000  ready, up 1 min 5 s
              address     127.0.0.1:4711
              version     1.2
              metadata    a=b, zone=eu
              node        liblink 0.1.0 on Java 25, epoll, BoringSSL
              key         liblink-ca-x

            pricing-2@def00000  not ready, up 1 min 5 s
              address     127.0.0.1:4711
              metadata    a=b, zone=eu
              node        UNAVAILABLE: connection refused
            """);
  }

  @Test
  void infoAsJsonKeepsItsKeys() {
    Map<String, Object> object = InfoCommand.object(new InfoCommand.Seen(TWO, null, FAILURE), VIEW);

    assertThat(object.keySet())
        .containsExactly(
            "service",
            "node",
            "id",
            "ready",
            "note",
            "datacenter",
            "weight",
            "groups",
            "version",
            "addresses",
            "metadata",
            "startedMillis",
            "endpoints",
            "source",
            "ageMillis",
            "problem",
            "skipped",
            "failure");
  }

  @Test
  void aFailureSaysHowFarItCame() {
    assertThat(Failures.circumstances(FAILURE))
        .isEqualTo(
            "at connect, instance pricing-2@def00000, address 127.0.0.1:2, 2 attempts, after 12 ms;"
                + " the handler did not run");
    assertThat(Failures.json(FAILURE))
        .isEqualTo("{\"status\":\"UNAVAILABLE\",\"code\":14,\"problem\":\"connection refused\","
            + "\"stage\":\"connect\",\"ran\":\"no\",\"instance\":\"pricing-2@def00000\","
            + "\"address\":\"127.0.0.1:2\",\"attempts\":2,\"elapsedMicros\":12000}");
    for (Status status : Status.values()) {
      if (status != Status.OK) {
        assertThat(Failures.exitCode(new LinkException(status, "x"))).isEqualTo(64 + status.code());
      }
    }
  }

  @Test
  void repliesInJsonHoldTheirBodyAsWhatItIs() {
    assertThat(new Json().line(ReplyText.content(io.liblink.message.Message.json("{\"a\":[1]}"))))
        .isEqualTo("{\"contentType\":\"application/json\",\"headers\":{},\"body\":{\"a\":[1]}}");
    assertThat(new Json().line(ReplyText.content(io.liblink.message.Message.text("hi"))))
        .contains("\"body\":\"hi\"");
    assertThat(new Json()
            .line(ReplyText.content(io.liblink.message.Message.of(new byte[] {(byte) 0xff}))))
        .contains("\"bodyBase64\":\"/w==\"");
    assertThat(new Json().line(ReplyText.content(io.liblink.message.Message.json("{broken"))))
        .contains("\"body\":\"{broken\"");
  }

  @Test
  void nodesOfOtherVersionsMaySayMoreOrLess() {
    NodeFacts facts = new Json()
        .read(
            new java.io.ByteArrayInputStream("{\"node\":\"n\",\"future\":{\"x\":1}}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            NodeFacts.class);

    assertThat(facts.node()).isEqualTo("n");
    assertThat(facts.software()).isEqualTo("liblink ?");
  }
}
