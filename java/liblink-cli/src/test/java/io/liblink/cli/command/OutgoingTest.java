package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.cli.args.Parser;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.message.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutgoingTest {
  private static final Shape SHAPE = Shape.of("send", "sends")
      .parameters("[BODY]")
      .options(Body.DATA, Body.HEADER, Body.TYPE, Outgoing.COUNT);

  private static List<Message> all(String in, String... words) throws IOException {
    var arguments = new Parser(SHAPE, List.of()).parse(List.of(words));
    Console console = new Console(
        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        "",
        false);
    Outgoing outgoing = Outgoing.of(arguments, arguments.find(0), console);
    List<Message> all = new ArrayList<>();
    for (Message m = outgoing.next(); m != null; m = outgoing.next()) {
      all.add(m);
    }
    assertThat(outgoing.next()).isNull();
    return all;
  }

  @Test
  void aBodyIsSentOnceOrSoManyTimes() throws IOException {
    assertThat(all("ignored\n", "hi")).extracting(Message::text).containsExactly("hi");
    assertThat(all("", "-d", "hi", "-n", "3"))
        .extracting(Message::text)
        .containsExactly("hi", "hi", "hi");
    assertThat(all("a\nb\n", "-")).extracting(Message::text).containsExactly("a\nb\n");
  }

  @Test
  void withoutABodyEachLineIsAMessageOfItsOwnLooks() throws IOException {
    List<Message> all = all("one\n\n{\"a\":1}\n", "-H", "Tenant=7");

    assertThat(all).extracting(Message::text).containsExactly("one", "", "{\"a\":1}");
    assertThat(all)
        .extracting(Message::contentType)
        .containsExactly(Message.TEXT, Message.BYTES, Message.JSON);
    assertThat(all).allMatch(m -> m.headers().get("tenant").equals("7"));
  }

  @Test
  void theCountLimitsTheLines() throws IOException {
    assertThat(all("a\nb\nc\n", "-n", "2")).hasSize(2);
    assertThat(all("a\n", "-n", "2")).hasSize(1);
  }

  @Test
  void aTypeThatIsNoneIsRefusedBeforeAnythingIsRead() {
    assertThatThrownBy(() -> all("a\n", "-t", "sometype")).isInstanceOf(UsageException.class);
  }
}
