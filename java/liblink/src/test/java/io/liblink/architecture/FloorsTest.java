package io.liblink.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FloorsTest {
  private static final String FIXTURE = "io.liblink.architecture.fixture";
  private static final Floors HOUSE = new Floors("io.liblink");

  @Test
  void theHouseStands() {
    List<Use> uses = new ArrayList<>(Use.ofClasses(House.classes()));
    uses.addAll(Use.ofImports(House.library().resolve("src/main/java")));

    assertThat(uses).as("uses found").hasSizeGreaterThan(300);
    assertThat(HOUSE.breaches(uses)).isEmpty();
  }

  @Test
  void theMiddleOfTheHouseIsNotExported() {
    assertThat(House.exports())
        .contains("io.liblink")
        .allMatch(p -> Floors.mayBeExported(p.equals("io.liblink") ? "" : p.substring(11)));
  }

  @Test
  void aPlantedUpwardUseIsFoundInClassesAndInImports() {
    Path here = Path.of("io/liblink/architecture/fixture");
    List<Use> compiled =
        Use.ofClasses(House.library().resolve("target/test-classes").resolve(here));
    List<Use> imported = Use.ofImports(House.library().resolve("src/test/java").resolve(here));

    for (List<Use> uses : List.of(compiled, imported)) {
      assertThat(new Floors(FIXTURE).breaches(uses))
          .anyMatch(
              b -> b.startsWith(FIXTURE + ".wire uses " + FIXTURE + ".session: a floor knows"))
          .anyMatch(b -> b.startsWith(FIXTURE + ".wire uses io.netty.buffer: io.netty stays in"))
          .anyMatch(b -> b.startsWith("circle: "))
          .noneMatch(b -> b.startsWith(FIXTURE + ".session uses " + FIXTURE + ".wire"));
    }
  }

  @Test
  void aConstantIsSeenThoughTheCompilerCopiesIt() {
    Path fixture = House.library().resolve("src/test/java/io/liblink/architecture/fixture/codec");

    assertThat(new Floors(FIXTURE).breaches(Use.ofImports(fixture)))
        .singleElement()
        .asString()
        .contains(FIXTURE + ".codec uses " + FIXTURE + ".wire");
  }

  @Test
  void neighboursDoNotKnowOfEachOther() {
    assertThat(breaches("rpc", "pubsub")).singleElement().asString().contains("neighbours");
    assertThat(breaches("status", "message")).singleElement().asString().contains("neighbours");
    assertThat(breaches("registry.local", "identity")).isNotEmpty();
    assertThat(breaches("registry.local", "registry.fixed"))
        .singleElement()
        .asString()
        .contains("registries do not know of each other");
  }

  @Test
  void anInterfaceDoesNotKnowItsImplementations() {
    assertThat(breaches("codec", "codec.json")).isNotEmpty();
    assertThat(breaches("codec.json", "codec")).isEmpty();
  }

  @Test
  void lowerFloorsMayBeUsed() {
    Stream.of(
            "rpc>routing", "cluster>registry", "wire>message", "registry>status", "transport>wire")
        .map(pair -> pair.split(">"))
        .forEach(pair -> assertThat(breaches(pair[0], pair[1])).isEmpty());
    assertThat(HOUSE.breaches(List.of(new Use("io.liblink", "io.liblink.rpc", "here"))))
        .isEmpty();
  }

  @Test
  void aPackageWithoutAFloorIsRefused() {
    assertThat(breaches("misc", "message")).singleElement().asString().contains("on no floor");
  }

  @Test
  void guestsStayWhereTheyBelong() {
    assertThat(outside("session", "io.netty.util")).isNotEmpty();
    assertThat(outside("transport.tls", "io.netty.handler.ssl")).isEmpty();
    assertThat(outside("rpc", "tools.jackson.databind")).isNotEmpty();
    assertThat(outside("transport", "java.util.logging")).isNotEmpty();
    assertThat(outside("transport", "io.nettyish")).isEmpty();
  }

  private static List<String> breaches(String from, String to) {
    return outside(from, "io.liblink." + to);
  }

  private static List<String> outside(String from, String to) {
    return HOUSE.breaches(List.of(new Use("io.liblink." + from, to, "here")));
  }
}
