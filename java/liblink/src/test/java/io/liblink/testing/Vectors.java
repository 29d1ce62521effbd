package io.liblink.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden vectors of {@code spec/vectors}: one dynamic test for each. */
public final class Vectors {
  private Vectors() {}

  /** What to do with one vector. */
  @FunctionalInterface
  public interface Check {
    /** Asserts. */
    void run(JsonNode vector) throws Exception;
  }

  /** The file of that name. */
  public static JsonNode file(String name) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("spec/vectors"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("run the tests inside the repository");
    }
    return JsonMapper.shared().readTree(at.resolve("spec/vectors").resolve(name));
  }

  /** One test for each vector in a list of the file, named after it. */
  public static Stream<DynamicTest> tests(String file, String list, Check check) {
    JsonNode vectors = file(file).get(list);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode vector : vectors) {
      String name = vector.get("name").asString() + ": " + vector.get("why").asString();
      tests.add(DynamicTest.dynamicTest(name, () -> check.run(vector)));
    }
    if (tests.isEmpty()) {
      throw new IllegalStateException(file + " has no " + list);
    }
    return tests.stream();
  }
}
