package io.liblink.spool.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.spool.SpoolProvider;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tests run on the class path; this one loads the spool as a named module. */
class ModulePathTest {
  private static final List<Path> PATH = Arrays.stream(
          System.getProperty("java.class.path").split(File.pathSeparator))
      .filter(p -> !p.contains("test-classes") && !p.endsWith("tests.jar"))
      .filter(p -> p.matches(".*(liblink|netty|jackson|jspecify|sqlite).*"))
      .map(Path::of)
      .toList();

  @Test
  void asAModuleItIsFoundAndHidesItself() throws ReflectiveOperationException {
    ModuleFinder finder = ModuleFinder.of(PATH.toArray(Path[]::new));
    ModuleLayer boot = ModuleLayer.boot();
    Configuration resolved = boot.configuration()
        .resolveAndBind(finder, ModuleFinder.of(), Set.of("io.liblink.spool.sqlite"));
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader());

    Class<?> provider = layer
        .findLoader("io.liblink.spool.sqlite")
        .loadClass("io.liblink.spool.sqlite.SqliteProvider");

    assertThat(provider.getModule().isNamed()).isTrue();
    assertThat(provider.getModule().isExported("io.liblink.spool.sqlite")).isFalse();
    assertThat(provider.getModule().getDescriptor().provides())
        .anySatisfy(p -> assertThat(p.providers()).containsExactly(provider.getName()));
    assertThat(provider.getModule().canUse(SpoolProvider.class)).isFalse();
  }

  /** Users on the class path need a file for what the module descriptor names. */
  @Test
  void theProviderIsNamedForTheClassPathToo() throws Exception {
    Path file = Path.of("src/main/resources/META-INF/services", SpoolProvider.class.getName());

    assertThat(Files.readAllLines(file)).containsExactly(SqliteProvider.class.getName());
  }
}
