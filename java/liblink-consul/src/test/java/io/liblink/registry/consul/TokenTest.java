package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
  @TempDir
  private Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("token");
  }

  @Test
  void noneIsNone() throws IOException {
    Token none = new Token(null, "");
    assertThat(none.isSet()).isFalse();
    assertThat(none.value(0)).isEmpty();
  }

  @Test
  void aFileIsReadAgainWhenItsTimeIsOver() throws IOException {
    Files.writeString(file, "  first\n");
    Token token = new Token(file, "");
    assertThat(token.value(0)).isEqualTo("first");
    int changes = token.changes();
    Files.writeString(file, "second");
    assertThat(token.value(Token.FRESH_NANOS - 1)).isEqualTo("first");
    assertThat(token.changes()).isEqualTo(changes);
    assertThat(token.value(Token.FRESH_NANOS)).isEqualTo("second");
    assertThat(token.changes()).isEqualTo(changes + 1);
  }

  @Test
  void aFileIsReadAgainAtOnceWhenItsTokenWasRefused() throws IOException {
    Files.writeString(file, "first");
    Token token = new Token(file, "");
    token.value(0);
    Files.writeString(file, "second");
    token.refused();
    assertThat(token.value(1)).isEqualTo("second");
  }

  @Test
  void whatCantBeUsedIsSaidWithoutItsContent() throws IOException {
    Token token = new Token(file, "");
    assertThatThrownBy(() -> token.value(0))
        .isInstanceOf(IOException.class)
        .hasMessage("the token file " + file + " is not there");
    Files.writeString(file, " \n");
    assertThatThrownBy(() -> token.value(0)).hasMessageEndingWith("is empty");
    Files.writeString(file, "x".repeat(5000));
    assertThatThrownBy(() -> token.value(0)).hasMessageEndingWith("has more than 4096 bytes");
    Files.writeString(file, "hunter2\nhunter3");
    assertThatThrownBy(() -> token.value(0))
        .hasMessageContaining("something else than one token")
        .hasMessageNotContaining("hunter");
    Files.writeString(file, "good");
    assertThat(token.value(0)).isEqualTo("good");
  }

  @Test
  void aVariableWithOddCharactersIsRefusedAtOnce() {
    assertThatThrownBy(() -> new Token(null, "hunter2\r\nX-Other: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONSUL_HTTP_TOKEN")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void itIsNeverShown() {
    assertThat(new Token(null, "hunter2").toString()).doesNotContain("hunter2");
  }
}
