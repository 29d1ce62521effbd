package io.liblink.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistriesTest {
  @TempDir
  Path temporary;

  @Test
  void theSchemeChoosesTheRegistry() {
    for (String uri : new String[] {"local:" + temporary, "static:127.0.0.1:7400,[::1]:7401"}) {
      try (Registry registry = Registries.open(" " + uri + " ", Samples.context("a"))) {
        assertThat(registry.uri()).isEqualTo(uri);
      }
    }
  }

  @Test
  void aThreadWithoutAClassLoaderFindsThemToo() throws InterruptedException {
    String[] uri = new String[1];
    Thread thread = new Thread(() -> {
      try (Registry registry = Registries.open("local:" + temporary, Samples.context("a"))) {
        uri[0] = registry.uri();
      }
    });
    thread.setContextClassLoader(null);
    thread.start();
    thread.join();
    assertThat(uri[0]).isEqualTo("local:" + temporary);
  }

  @Test
  void aSchemeThatIsNotThereNamesThoseThatAre() {
    assertThatThrownBy(() -> Registries.open("consul:", Samples.context("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'consul'")
        .hasMessageContaining("local, static")
        .hasMessageContaining("liblink-consul");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "local", ":", ":x", "/tmp/x"})
  void aTextWithoutASchemeSaysWhatToWrite(String uri) {
    assertThatThrownBy(() -> Registries.open(uri, Samples.context("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("local:")
        .hasMessageContaining("static:host:port");
  }
}
