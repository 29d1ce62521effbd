package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Parser;
import io.liblink.cli.args.UsageException;
import io.liblink.topology.Routing;
import io.liblink.topology.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoosingTest {
  private static Arguments parse(String... words) {
    List<String> all = new ArrayList<>(List.of("s/m"));
    all.addAll(List.of(words));
    return new Parser(new CallCommand().shape(), Settings.OPTIONS).parse(all);
  }

  @Test
  void rulesAreThoseOfTheLibrary() {
    Routing rules = Choosing.rules(parse(
        "--node-meta",
        "zone=eu",
        "--node-meta",
        "rack=7",
        "--prefer-same",
        "rack",
        "--prefer-same",
        "zone",
        "--failover",
        "dc == eu",
        "--failover",
        "dc == us",
        "--split",
        "5=version == \"2\"",
        "--split",
        "2.5%=version == 3",
        "--subset",
        "7"));

    assertThat(rules.nearness()).containsExactly("rack", "zone");
    assertThat(rules.groups()).containsExactly("dc == eu", "dc == us");
    assertThat(rules.splits())
        .containsExactly(new Split(5, "version == \"2\""), new Split(2.5, "version == 3"));
    assertThat(rules.subset()).isEqualTo(7);
    assertThat(Choosing.rules(parse())).isEqualTo(Routing.defaults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--split 5",
        "--split =zone==eu",
        "--split x=zone==eu",
        "--split -1=zone==eu",
        "--split 100.1=zone==eu",
        "--split NaN=zone==eu",
        "--split 5%%=zone==eu",
        "--subset 0",
        "--subset -3",
        "--subset many",
        "--prefer-same zone",
        "--prefer-same zone --node-meta rack=1",
        "--node-meta zone",
        "--node-meta =eu",
        "--group UPPER",
        "--group a_b",
      })
  void whatIsWrongIsSaidWithTheOption(String line) {
    String[] words = line.split(" ");
    Settings settings = Settings.of(parse(), Map.of("LIBLINK_KEY_FILE", "/nowhere"));

    assertThatThrownBy(() -> Choosing.node(settings, parse(words)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(words[0]);
  }

  @Test
  void moreThanAllIsTooMuch() {
    assertThatThrownBy(
            () -> Choosing.rules(parse("--split", "60=zone==eu", "--split", "60=zone==us")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("120");
  }
}
