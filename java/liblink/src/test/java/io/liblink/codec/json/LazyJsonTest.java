package io.liblink.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** The JSON library is not loaded before a value needs it: a short-lived program never pays for it. */
class LazyJsonTest {
  /** Sees the classes of this project and of the JSON library afresh, and writes down the latter. */
  private static final class Watching extends URLClassLoader {
    final List<String> loaded = new ArrayList<>();

    Watching() {
      super(urls(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] urls() {
      return Stream.of(
              Codecs.class,
              LazyJsonTest.class,
              JsonMapper.class,
              JsonParser.class,
              com.fasterxml.jackson.annotation.JsonProperty.class,
              org.jspecify.annotations.Nullable.class)
          .map(c -> c.getProtectionDomain().getCodeSource().getLocation())
          .toArray(URL[]::new);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("tools.jackson")) {
        loaded.add(name);
      }
      return super.findClass(name);
    }
  }

  /** Runs inside the watching loader. */
  public static final class Plain implements Callable<Object> {
    /** Found by reflection. */
    public Plain() {}

    @Override
    public Object call() {
      Codecs codecs = new Codecs(List.of());
      return codecs.decode(codecs.encode("text"), String.class)
          + codecs.decode(codecs.encode(new byte[3]), byte[].class).length;
    }
  }

  /** Runs inside the watching loader. */
  public static final class Structured implements Callable<Object> {
    /** Found by reflection. */
    public Structured() {}

    @Override
    public Object call() {
      return new Codecs(List.of()).encode(Map.of("a", 1)).text();
    }
  }

  @Test
  void bytesAndTextDoNotLoadTheJsonLibrary() throws Exception {
    try (Watching loader = new Watching()) {
      assertThat(run(loader, Plain.class)).isEqualTo("text3");
      assertThat(loader.loaded).isEmpty();
      assertThat(run(loader, Structured.class)).isEqualTo("{\"a\":1}");
      assertThat(loader.loaded).contains("tools.jackson.databind.json.JsonMapper");
    }
  }

  private static Object run(Watching loader, Class<?> what) throws IOException {
    try {
      Class<?> again = Class.forName(what.getName(), true, loader);
      return ((Callable<?>) again.getConstructor().newInstance()).call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
