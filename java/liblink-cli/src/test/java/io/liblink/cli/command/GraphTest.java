package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final Paint PLAIN = new Paint(false);

  private static EdgeFacts node(String name, EdgeFacts.Edge... links) {
    return new EdgeFacts(name, name, List.of(links), 0);
  }

  private static EdgeFacts.Edge link(
      String peer, boolean dialed, String address, String local, long age, long sent, long back) {
    return new EdgeFacts.Edge(
        peer,
        peer,
        "spiffe://shop/node/" + peer,
        dialed,
        address,
        local,
        "",
        age,
        true,
        dialed ? 0 : 250,
        "TLSv1.3",
        "TLS_AES_128_GCM_SHA256",
        1,
        0,
        sent,
        back,
        0,
        0,
        List.of(new EdgeFacts.Requests("s/m", sent, back)));
  }

  @Test
  void aLinkThatBothEndsTellIsThereOnce() {
    List<Graph.Link> links = Graph.of(
        List.of(
            node("b", link("a", false, "h:50", "h:1", 99, 3, 7)),
            node("a", link("b", true, "h:1", "h:50", 100, 7, 3))),
        "x");

    assertThat(links).hasSize(1);
    Graph.Link link = links.get(0);
    assertThat(link.from()).isEqualTo(new Graph.End("a", "a", "spiffe://shop/node/a"));
    assertThat(link.to()).isEqualTo(new Graph.End("b", "b", "spiffe://shop/node/b"));
    assertThat(link.requests()).isEqualTo(7);
    assertThat(link.requestsBack()).isEqualTo(3);
    assertThat(link.rttMicros()).isEqualTo(250);
    assertThat(link.targets().get("s/m")).containsExactly(7, 3);
  }

  @Test
  void whoWasNotAskedIsToldByTheOtherEnd() {
    Graph.Link accepted = Graph.of(
            List.of(node("b", link("caller", false, "h:50", "h:1", 99, 3, 7))), "x")
        .get(0);
    Graph.Link dialed = Graph.of(
            List.of(node("a", link("gone", true, "h:1", "h:50", 99, 7, 3))), "x")
        .get(0);

    assertThat(accepted.from().node()).isEqualTo("caller");
    assertThat(accepted.to().node()).isEqualTo("b");
    assertThat(accepted.requests()).isEqualTo(7);
    assertThat(accepted.targets().get("s/m")).containsExactly(7, 3);
    assertThat(EdgesCommand.object(accepted))
        .containsEntry("fromAddress", "h:50")
        .containsEntry("toAddress", "h:1");
    assertThat(dialed.from().identity()).isEmpty();
    assertThat(dialed.requests()).isEqualTo(7);
    assertThat(EdgesCommand.object(dialed))
        .containsEntry("fromAddress", "h:50")
        .containsEntry("toAddress", "h:1");
  }

  @Test
  void severalLinksOfTwoNodesAreToldApartByTheirAddresses() {
    List<Graph.Link> links = Graph.of(
        List.of(
            node(
                "a",
                link("b", true, "h:1", "h:50", 10, 1, 0),
                link("b", true, "h:1", "h:51", 10, 2, 0)),
            node(
                "b",
                link("a", false, "h:51", "h:1", 10, 0, 2),
                link("a", false, "h:50", "h:1", 10, 0, 1))),
        "x");

    assertThat(links).hasSize(2).allSatisfy(l -> {
      assertThat(l.dialer()).isNotNull();
      assertThat(l.acceptor()).isNotNull();
      assertThat(l.acceptor().requestsReceived()).isEqualTo(l.dialer().requestsSent());
    });
  }

  @Test
  void whereAddressesAreTranslatedTheAgeTells() {
    List<Graph.Link> links = Graph.of(
        List.of(
            node(
                "a",
                link("b", true, "nat:1", "h:50", 1000, 1, 0),
                link("b", true, "nat:1", "h:51", 9000, 2, 0)),
            node(
                "b",
                link("a", false, "nat:7", "h:1", 9010, 0, 2),
                link("a", false, "nat:8", "h:1", 1010, 0, 1))),
        "x");

    assertThat(links).hasSize(2).allSatisfy(l -> {
      assertThat(l.acceptor()).isNotNull();
      assertThat(l.dialer()).isNotNull();
      assertThat(l.acceptor().requestsReceived()).isEqualTo(l.dialer().requestsSent());
    });
  }

  @Test
  void linksInBothDirectionsAreTwo() {
    List<Graph.Link> links = Graph.of(
        List.of(
            node(
                "a",
                link("b", true, "h:1", "h:50", 10, 1, 0),
                link("b", false, "h:60", "h:2", 10, 0, 1)),
            node(
                "b",
                link("a", false, "h:50", "h:1", 10, 0, 1),
                link("a", true, "h:2", "h:60", 10, 1, 0))),
        "x");

    assertThat(links).extracting(l -> l.from().node() + l.to().node()).containsExactly("ab", "ba");
  }

  @Test
  void theLinksOfWhoAskedAreLeftOut() {
    assertThat(Graph.of(List.of(node("a", link("x", false, "h:1", "h:50", 1, 0, 1))), "x"))
        .isEmpty();
  }

  @Test
  void aNodeOfAnotherVersionMaySayLess() {
    EdgeFacts facts = new Json()
        .read(
            new ByteArrayInputStream("{\"links\":[{\"id\":\"b\",\"dialed\":true,\"future\":1}]}"
                .getBytes(StandardCharsets.UTF_8)),
            EdgeFacts.class);
    List<Graph.Link> links = Graph.of(List.of(facts), "x");

    assertThat(EdgesCommand.render(links, PLAIN)).contains("?@b").contains("yes");
    assertThat(new Json().line(EdgesCommand.object(links.get(0)))).contains("\"requests\":0");
    assertThat(Graph.of(
            List.of(new Json()
                .read(
                    new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)),
                    EdgeFacts.class)),
            "x"))
        .isEmpty();
  }

  @Test
  void aRowSaysWhoWithWhatAndHowMuch() {
    List<Graph.Link> links =
        Graph.of(List.of(node("a", link("b", true, "h:1", "h:50", 61_000, 1234, 0))), "x");

    assertThat(EdgesCommand.render(links, PLAIN)).isEqualTo("""
        FROM  TO   ADDRESS        AGE  ENCRYPTED            RTT  STREAMS  REQUESTS  MOST OF THEM
        a@a   b@b  h:1      1 min 1 s  TLSv1.3 AES_128_GCM    -        1     1,234  s/m 1,234
        """);
  }
}
