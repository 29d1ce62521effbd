package io.liblink.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What users can see is a text in the repository, so that a change of it is seen in review. */
class PublicApiTest {
  private static final Path GOLDEN = House.root().resolve("build/api/liblink.txt");
  private static final String UPDATE =
      "mvn -q -Dquick -pl java/liblink test -Dtest=PublicApiTest -Dapi.update";

  @Test
  void theListingInTheRepositoryIsTheApi() throws IOException {
    String now = new PublicApi().list(House.classes(), House.exports());
    if (System.getProperty("api.update") != null) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, now);
    }
    String golden = Files.exists(GOLDEN) ? Files.readString(GOLDEN) : "";
    assertThat(golden.equals(now) ? List.of() : difference(golden, now))
        .as(
            "build/api/liblink.txt. If the change of the public API is meant, run%n  %s%n"
                + "review the difference, and say it in CHANGELOG.md",
            UPDATE)
        .isEmpty();
  }

  /** Lines gone and lines new; where only their order changed, everything. */
  private static List<String> difference(String before, String after) {
    List<String> found = new ArrayList<>();
    before
        .lines()
        .filter(l -> after.lines().noneMatch(l::equals))
        .forEach(l -> found.add("- " + l));
    after
        .lines()
        .filter(l -> before.lines().noneMatch(l::equals))
        .forEach(l -> found.add("+ " + l));
    return found.isEmpty() ? after.lines().toList() : found;
  }

  @Test
  void exportedSignaturesNameOnlyExportedTypesAndTheJdk() {
    PublicApi api = new PublicApi();
    api.list(House.classes(), House.exports());

    assertThat(strangers(api.mentioned(), House.exports())).isEmpty();
  }

  @Test
  void aPlantedNettyTypeInASignatureIsFound() {
    Path classes = House.library().resolve("target/test-classes");
    String fixture = "io.liblink.architecture.fixture.wire";
    PublicApi api = new PublicApi();

    assertThat(api.list(classes, Set.of(fixture)))
        .contains("static Function<io.netty.buffer.ByteBuf, Above> leak()");
    assertThat(strangers(api.mentioned(), Set.of(fixture)))
        .containsExactlyInAnyOrder(
            "io.netty.buffer.ByteBuf", "io.liblink.architecture.fixture.session.Above");
  }

  private static List<String> strangers(Collection<Class<?>> mentioned, Set<String> exported) {
    return mentioned.stream()
        .filter(c -> !c.isPrimitive())
        .filter(c -> !c.getPackageName().startsWith("java."))
        .filter(c -> !exported.contains(c.getPackageName()))
        .map(Class::getName)
        .toList();
  }
}
