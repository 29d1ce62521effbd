package io.liblink.bench.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liblink.bench.topology.Figures.Pair;
import io.liblink.bench.topology.Model.Kind;
import io.liblink.topology.Routing;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@code scripts/bench topology}: links grow with nodes times subset, and all are loaded. */
class TopologyTest {
  private static final int SUBSET = Routing.DEFAULT_SUBSET;

  private static Figures connected(Model model, int calls) {
    try (Connected real = new Connected(model)) {
      real.open();
      Figures figures = real.call(calls);
      Set<Pair> foretold = Decided.links(model, real.ids());
      assertThat(figures.links()).as("real links, and those foretold").isEqualTo(foretold.size());
      return figures;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void tenRealNodesOpenTheLinksThatAreForetoldAndLoadEverybody(Kind kind) {
    Model model = Model.of(kind, 10, 1);
    Figures figures = connected(model, 300);
    long bound = kind == Kind.MESH ? 45 : model.watches() * (long) SUBSET;
    assertThat(figures.links()).isPositive().isLessThanOrEqualTo(bound);
    assertThat(figures.watches()).isEqualTo(model.watches());
    if (kind != Kind.ZONES) { // there a zone may have instances and no callers
      assertThat(figures.unused()).isZero();
    }
  }

  @Test
  void tenNodesOfAMeshAreAllConnected() {
    Figures figures = connected(Model.of(Kind.MESH, 10, 1), 30);
    assertThat(figures.links()).isEqualTo(45);
    assertThat(figures.most()).isEqualTo(9);
  }

  @Test
  void fiftyRealNodesThatAllCallOneServiceKeepToTheirSubsets() {
    Figures figures = connected(Model.of(Kind.ONE, 50, 1), 40);
    assertThat(figures.links()).isLessThanOrEqualTo(50L * SUBSET).isLessThan(50 * 49 / 2);
    assertThat(figures.unused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1000})
  void linksGrowWithNodesTimesSubset(int nodes) {
    Figures worst = Decided.of(Model.of(Kind.ONE, nodes, 1), 1000, 1);
    assertThat(worst.links()).isLessThanOrEqualTo(nodes * (long) SUBSET);
    assertThat(worst.unused()).isZero();
    assertThat(worst.worst()).isBetween(1.0, 2.2);
    Model services = Model.of(Kind.SERVICES, nodes, 1);
    assertThat(Decided.of(services, 1000, 1).links())
        .isLessThanOrEqualTo(services.watches() * (long) SUBSET);
    Model zones = Model.of(Kind.ZONES, nodes, 1);
    assertThat(Decided.of(zones, 1000, 1).links())
        .as("fewer by zones")
        .isLessThan(Decided.of(services, 1000, 1).links());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1000})
  void modelsHaveAsManyNodesAsAskedForAndNobodyCallsItself(int nodes) {
    assertThat(Model.sizes(nodes).stream().mapToInt(i -> i).sum()).isEqualTo(nodes);
    assertThat(Model.sizes(nodes)).allMatch(size -> size >= 2);
    Model model = Model.of(Kind.SERVICES, nodes, 1);
    for (int n = 0; n < nodes; n++) {
      assertThat(model.calls().get(n))
          .hasSize(Model.CALLED)
          .doesNotHaveDuplicates()
          .doesNotContain(model.serves().get(n));
    }
  }

  @Test
  void fewCallersLeaveInstancesOfALargeServiceUnused() {
    Spread few = new Spread(5, 1000, SUBSET, 1);
    assertThat(few.unused()).isBetween(900, 920);
    assertThat(few.equal()).isGreaterThanOrEqualTo(Spread.best(5, 1000, SUBSET));
    assertThat(new Spread(5, 15, SUBSET, 1).equal())
        .as("a small one is used whole")
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void whoIsCalledMoreIsSlowerAndGetsLess() {
    Spread spread = new Spread(100, 100, SUBSET, 1);
    assertThat(spread.run(0.6, 100_000).spread()).isLessThan(spread.equal());
  }

  @Test
  void thePlotIsWellFormedAndHasEveryModel() throws Exception {
    List<Topology.Row> rows = new ArrayList<>();
    for (int nodes : new int[] {10, 100}) {
      for (Kind kind : Kind.values()) {
        Figures figures = Decided.of(Model.of(kind, nodes, 1), 300, 1);
        rows.add(new Topology.Row(nodes, kind, figures, figures));
      }
    }
    String svg = Plot.of(rows);
    var document = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    for (Kind kind : Kind.values()) {
      assertThat(svg).contains(">" + kind.title + "<");
    }
  }
}
