package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Instance;
import io.liblink.registry.Samples;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class HeldTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Instance wanted = Samples.instance("pricing", Samples.context("a"), 7400);

  private Held compare(UnaryOperator<String> change) {
    String id = Registration.id(wanted);
    ObjectNode root = JSON.createObjectNode();
    ObjectNode service = root.putObject("Service");
    service.put("Address", "127.0.0.1").put("Port", 7400);
    ObjectNode meta = service.putObject("Meta");
    MetaWriter.pairs(wanted, "shop").forEach(meta::put);
    service.putObject("Weights").put("Passing", 99); // an operator's
    var checks = root.putArray("Checks");
    checks.addObject().put("CheckID", Registration.beatId(id)).put("Status", "passing");
    checks.addObject().put("CheckID", Registration.readyId(id)).put("Output", "ready");
    checks.addObject().put("CheckID", "disk").put("Output", "an operator's");
    byte[] body = change.apply(root.toString()).getBytes(StandardCharsets.UTF_8);
    return Held.compare(new Reply(200, 1, false, body), wanted, "shop", Registration.READY, JSON);
  }

  @Test
  void whatAnOperatorAddedOrChangedIsTheirs() {
    assertThat(compare(s -> s)).isEqualTo(Held.SAME);
  }

  @Test
  void anotherWordOnReadinessIsSaidAgain() {
    assertThat(compare(s -> s.replace("\"ready\"", "\"not ready\""))).isEqualTo(Held.OTHER_WORD);
    assertThat(compare(s -> s.replace("\"ready\"", "\"\""))).isEqualTo(Held.OTHER_WORD);
  }

  @Test
  void anythingElseIsToldAgain() {
    assertThat(compare(s -> s.replace("7400", "7401"))).isEqualTo(Held.OTHER);
    assertThat(compare(s -> s.replace("\"zone\"", "\"zune\""))).isEqualTo(Held.OTHER);
    assertThat(compare(s -> s.replace(":beat", ":best"))).isEqualTo(Held.OTHER);
    assertThat(compare(s -> s.replace(":ready", ":steady"))).isEqualTo(Held.OTHER);
    assertThat(compare(s -> "{}")).isEqualTo(Held.OTHER);
    assertThat(compare(s -> "not JSON")).isEqualTo(Held.OTHER);
    assertThat(compare(s -> "[]")).isEqualTo(Held.OTHER);
  }
}
