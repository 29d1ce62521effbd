package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.RegistryProvider;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The other tests run on the class path; this one loads the jar's content as a named module. */
class ConsulModuleTest {
  private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

  @Test
  void asAModuleItFindsAllThatItNeedsAndIsFound() {
    Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(p -> p.matches(".*(netty|jackson|jspecify).*\\.jar")
            || p.matches(".*/liblink/target/(classes|liblink-[^/]*[0-9T]\\.jar)"))
        .map(Path::of)
        .toArray(Path[]::new);
    Configuration resolved = ModuleLayer.boot()
        .configuration()
        .resolveAndBind(
            ModuleFinder.compose(ModuleFinder.of(CLASSES), ModuleFinder.of(path)),
            ModuleFinder.of(),
            Set.of("io.liblink.consul"));
    ModuleLayer layer = ModuleLayer.boot()
        .defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader());
    Module module = layer.findModule("io.liblink.consul").orElseThrow();

    assertThat(module.getDescriptor().exports()).isEmpty();
    Set<String> provided = module.getDescriptor().provides().stream()
        .map(ModuleDescriptor.Provides::providers)
        .flatMap(List::stream)
        .collect(Collectors.toSet());
    assertThat(provided)
        .containsExactlyInAnyOrder(
            ConsulProvider.class.getName(), SecureConsulProvider.class.getName());
  }

  @Test
  void onTheClassPathTheSameProvidersAreFound() throws IOException {
    assertThat(Files.readAllLines(
            CLASSES.resolve("META-INF/services/" + RegistryProvider.class.getName())))
        .containsExactly(ConsulProvider.class.getName(), SecureConsulProvider.class.getName());
    assertThat(ServiceLoader.load(RegistryProvider.class))
        .extracting(RegistryProvider::scheme)
        .contains("consul", "consuls", "local", "static");
  }
}
