package io.liblink.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.codec.Codec;
import io.liblink.message.Message;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodecsTest {
  private static final Codecs CODECS = new Codecs(List.of());

  record Sku(String id) {}

  /** Reads and writes {@code Sku} as its bare id; {@code String} must never reach it. */
  private static final class Bare implements Codec {
    @Override
    public String contentType() {
      return "application/x-sku";
    }

    @Override
    public boolean handles(Class<?> type) {
      return type == Sku.class;
    }

    @Override
    public byte[] encode(Object value) {
      return ((Sku) value).id().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <T> T decode(byte[] payload, Class<T> type) {
      return type.cast(new Sku(new String(payload, StandardCharsets.UTF_8)));
    }
  }

  @Test
  void bytesTextAndMessagesTravelAsTheyAre() {
    byte[] bytes = {1, 2, -1};
    Message message = Message.text("x").withHeader("a", "b");

    assertThat(CODECS.encode(bytes).payload()).isSameAs(bytes);
    assertThat(CODECS.encode(bytes).contentType()).isEqualTo(Message.BYTES);
    assertThat(CODECS.encode("é").payload()).containsExactly(0xc3, 0xa9);
    assertThat(CODECS.encode("é").contentType()).isEqualTo(Message.TEXT);
    assertThat(CODECS.encode(message)).isSameAs(message);
    assertThat(CODECS.decode(message, Message.class)).isSameAs(message);
    assertThat(CODECS.decode(Message.json("[1]"), byte[].class)).asString().isEqualTo("[1]");
  }

  @Test
  void aRecordTravelsAsJson() {
    Message message = CODECS.encode(new Sku("A-1"));

    assertThat(message.contentType()).isEqualTo("application/json");
    assertThat(message.text()).isEqualTo("{\"id\":\"A-1\"}");
    assertThat(CODECS.decode(message, Sku.class)).isEqualTo(new Sku("A-1"));
  }

  @Test
  void nothingIsAnEmptyMessageAndVoidReadsAnything() {
    assertThat(CODECS.encode(null)).isSameAs(Message.empty());
    assertThat(CODECS.decode(Message.json("{"), Void.class)).isNull();
    assertThat(CODECS.decode(Message.text("x"), void.class)).isNull();
  }

  @Test
  void textReadsAnyPayloadThatIsUtf8() {
    assertThat(CODECS.decode(Message.json("{\"a\":1}"), String.class)).isEqualTo("{\"a\":1}");
    assertThat(CODECS.decode(Message.json("\"Ada\""), String.class)).isEqualTo("\"Ada\"");
    assertThat(CODECS.decode(Message.of(new byte[] {'h', 'i'}), String.class)).isEqualTo("hi");
    assertThat(CODECS.decode(Message.empty(), String.class)).isEmpty();
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODECS.decode(Message.of(new byte[] {'h', 'i', -1}), String.class))
        .withMessage("not UTF-8 at byte 2");
  }

  @Test
  void aMismatchNamesBothContentTypes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODECS.decode(Message.of(new byte[] {1}), Sku.class))
        .withMessage(
            "the payload is application/octet-stream, where application/json is read: send that,"
                + " and say so in the content type");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODECS.decode(Message.text("{\"id\":\"A-1\"}"), Sku.class))
        .withMessageContaining("the payload is text/plain");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODECS.decode(Message.empty(), Sku.class))
        .withMessageStartingWith("an empty message, application/octet-stream, where");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Codecs(List.of(new Bare())).decode(Message.text("A"), Sku.class))
        .withMessageContaining("application/x-sku or application/json is read");
  }

  @Test
  void aLongContentTypeIsCutInTheComplaint() {
    Message message = Message.text("{}").withContentType("x\n".repeat(5_000));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODECS.decode(message, Sku.class))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContain("\n"));
  }

  @Test
  void parametersCaseAndSuffixOfTheContentTypeDoNotMatter() {
    for (String type : List.of(
        "application/json; charset=utf-8", "Application/JSON", "application/problem+json")) {
      Message message = Message.json("{\"id\":\"A-1\"}").withContentType(type);
      assertThat(CODECS.decode(message, Sku.class)).isEqualTo(new Sku("A-1"));
    }
  }

  @Test
  void theUsersCodecGoesFirstForWhatItHandles() {
    Codecs codecs = new Codecs(List.of(new Bare()));

    Message sku = codecs.encode(new Sku("A-1"));
    assertThat(sku.contentType()).isEqualTo("application/x-sku");
    assertThat(sku.text()).isEqualTo("A-1");
    assertThat(codecs.decode(sku, Sku.class)).isEqualTo(new Sku("A-1"));
    assertThat(codecs.encode(Map.of("a", 1)).contentType()).isEqualTo(Message.JSON);
    assertThat(codecs.encode("text").contentType()).isEqualTo(Message.TEXT);
  }

  @Test
  void jsonIsStillReadBesideAUsersCodec() {
    Codecs codecs = new Codecs(List.of(new Bare()));

    assertThat(codecs.decode(Message.json("{\"id\":\"B\"}"), Sku.class)).isEqualTo(new Sku("B"));
  }

  @Test
  void aReplyFollowsTheContentTypeOfItsRequest() {
    Codecs codecs = new Codecs(List.of(new Bare()));

    assertThat(codecs.encode(new Sku("A"), "application/json; q=1").contentType())
        .isEqualTo(Message.JSON);
    assertThat(codecs.encode(new Sku("A"), "application/x-sku").text()).isEqualTo("A");
    assertThat(codecs.encode(new Sku("A"), "image/png").contentType())
        .isEqualTo("application/x-sku");
  }

  @Test
  void typesWithParametersAreRead() throws NoSuchMethodException {
    Type listOfSku = getClass().getDeclaredMethod("listOfSku").getGenericReturnType();

    assertThat(CODECS.decode(Message.json("[{\"id\":\"A\"}]"), listOfSku))
        .isEqualTo(List.of(new Sku("A")));
    assertThatThrownBy(() -> new Bare().decode(new byte[0], listOfSku))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("application/x-sku does not read java.util.List<");
  }

  @Test
  void primitivesAreRead() {
    assertThat(CODECS.decode(Message.json("7"), int.class)).isEqualTo(7);
    assertThat(CODECS.decode(Message.json("true"), Boolean.class)).isTrue();
  }

  static List<Sku> listOfSku() {
    return List.of();
  }
}
