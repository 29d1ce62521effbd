package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.cli.args.Parser;
import io.liblink.cli.args.Shape;
import io.liblink.message.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final Shape SHAPE =
      Shape.of("publish", "").options(Keys.KEY, Keys.SPLIT, Body.TYPE);

  private static Keys keys(String... words) {
    return Keys.of(new Parser(SHAPE, List.of()).parse(List.of(words)));
  }

  @Test
  void withoutAWordThereIsNoKeyAndWithOneItIsTheSameForAll() {
    Message message = Message.text("a=b");

    assertThat(keys().of(message)).isEqualTo(new Keys.Keyed(null, message));
    assertThat(keys("--key", "k").of(message)).isEqualTo(new Keys.Keyed("k", message));
  }

  @Test
  void aLineIsSplitAtTheFirstPlace() {
    Keys.Keyed keyed = keys("--key-split", "->")
        .of(Message.text("tea->{\"cents\":1}->x").withHeader("tenant", "7"));

    assertThat(keyed.key()).isEqualTo("tea");
    assertThat(keyed.message().text()).isEqualTo("{\"cents\":1}->x");
    assertThat(keyed.message().headers()).containsEntry("tenant", "7");
    assertThat(keys("--key-split", "=").of(Message.text("tea={}")).message().contentType())
        .isEqualTo(Message.JSON);
    assertThat(keys("--key-split", "=").of(Message.text("tea=")).message().payload())
        .isEmpty();
  }

  @Test
  void aLineWithoutAKeyStaysWhole() {
    for (String line : List.of("", "tea", "=450")) {
      Keys.Keyed keyed = keys("--key-split", "=").of(Message.text(line));

      assertThat(keyed.key()).isNull();
      assertThat(keyed.message().text()).isEqualTo(line);
    }
  }
}
