package io.liblink.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tests run on the class path; this one loads the library as a named module. */
class ModulePathTest {
  private static final ModuleLayer LAYER = layer();

  private static ModuleLayer layer() {
    Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(p -> p.matches(".*(netty|jackson|jspecify).*\\.jar"))
        .map(Path::of)
        .toArray(Path[]::new);
    ModuleFinder finder =
        ModuleFinder.compose(ModuleFinder.of(House.classes()), ModuleFinder.of(path));
    ModuleLayer boot = ModuleLayer.boot();
    Configuration resolved =
        boot.configuration().resolveAndBind(finder, ModuleFinder.of(), Set.of("io.liblink"));
    return boot.defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void everythingThatIsRequiredIsThere() {
    Set<String> names = LAYER.configuration().modules().stream()
        .map(ResolvedModule::name)
        .collect(Collectors.toSet());

    assertThat(names).contains("io.liblink", "io.netty.handler", "tools.jackson.databind");
  }

  @Test
  void theMiddleIsHiddenFromUsers() throws ReflectiveOperationException {
    Class<?> codec = LAYER.findLoader("io.liblink").loadClass("io.liblink.codec.json.JsonCodec");

    assertThat(codec.getModule().isNamed()).isTrue();
    assertThat(codec.getModule().isExported("io.liblink.codec.json")).isFalse();
    assertThat(codec.getModule().isExported("io.liblink.codec")).isTrue();
  }

  /** Users on the class path need a file for each provider that the module descriptor names. */
  @Test
  void providersAreNamedForTheClassPathToo() {
    ModuleReference self = ModuleFinder.of(House.classes()).find("io.liblink").orElseThrow();

    self.descriptor()
        .provides()
        .forEach(p -> assertThat(classPathProviders(p.service()))
            .as("META-INF/services/" + p.service())
            .containsAll(p.providers()));
  }

  private static List<String> classPathProviders(String service) {
    Path file = House.classes().resolve("META-INF/services/" + service);
    try {
      return java.nio.file.Files.exists(file) ? java.nio.file.Files.readAllLines(file) : List.of();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
