package io.liblink.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerRuleTest {
  @Test
  void groupsComeFirstThenTheSelector() {
    CallerRule rule =
        new CallerRule(Set.of("billing"), Selector.parse("zone == eu and node matches `^till-`"));
    assertThat(refusal(rule, "till-1", Map.of(Groups.KEY, "billing", "zone", "eu")))
        .isNull();
    assertThat(refusal(rule, "till-1", Map.of("zone", "eu")))
        .isEqualTo("is for nodes of the group billing only, and the caller is in no group");
    assertThat(refusal(rule, "web-1", Map.of(Groups.KEY, "billing", "zone", "eu")))
        .startsWith("is for callers with zone == eu and node matches `^till-` only: ")
        .contains("web-1");
    assertThat(rule.isOpen()).isFalse();
  }

  @Test
  void anOpenRuleKeepsNobodyOut() {
    CallerRule rule = new CallerRule(Set.of(), null);
    assertThat(rule.isOpen()).isTrue();
    assertThat(refusal(rule, "x", Map.of())).isNull();
  }

  @Test
  void aCallerCanNotLendItselfANameByMetadata() {
    CallerRule rule = new CallerRule(Set.of(), Selector.parse("node == admin"));
    assertThat(refusal(rule, "web", Map.of("node", "admin"))).contains("node is \"web\"");
  }

  private static String refusal(CallerRule rule, String node, Map<String, String> metadata) {
    return rule.refusal(node, Sample.id(1), metadata);
  }
}
