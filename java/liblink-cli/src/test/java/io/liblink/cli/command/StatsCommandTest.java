package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.output.Json;
import io.liblink.cli.output.Paint;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatsCommandTest {
  private static StatsCommand.Seen seen(String node, Map<String, Long> counters) {
    return new StatsCommand.Seen(instance(node), new StatsCommand.Facts(counters, 1, 2), null);
  }

  private static Instance instance(String node) {
    return new Instance(
        "shop",
        node,
        new NodeId(0xabcL << 52, 1),
        List.of(new Address("127.0.0.1", 1)),
        "",
        Map.of(),
        true,
        0,
        List.of());
  }

  @Test
  void nodesAreColumnsAndCountersThatAnyOfThemHasAreRows() {
    List<StatsCommand.Seen> seen = List.of(
        seen("a", Map.of("links.opened", 12_345L, "drop.late_reply", 0L)),
        seen("b", Map.of("calls.repeated", 1L)),
        new StatsCommand.Seen(
            instance("gone"), null, new LinkException(Status.UNAVAILABLE, "refused")));

    assertThat(StatsCommand.table(seen, false).render(new Paint(false)))
        .isEqualTo("COUNTER         a@abc00000  b@abc00000\n"
            + "calls.repeated           0           1\n"
            + "links.opened        12,345           0\n"
            + "now.in_flight            1           1\n"
            + "now.links                2           2\n");
    assertThat(StatsCommand.table(seen, true).render(new Paint(false))).contains("drop.late_reply");
    assertThat(new Json().line(StatsCommand.object(seen.get(2))))
        .contains("\"failure\":{\"status\":\"UNAVAILABLE\"");
    assertThat(new Json().line(StatsCommand.object(seen.get(0))))
        .contains("\"links\":2,\"counters\":{\"drop.late_reply\":0,\"links.opened\":12345}");
  }
}
