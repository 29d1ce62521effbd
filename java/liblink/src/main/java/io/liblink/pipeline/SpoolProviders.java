package io.liblink.pipeline;

import io.liblink.spool.SpoolProvider;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds who keeps items on disk. */
final class SpoolProviders {
  private SpoolProviders() {}

  /**
   * The first provider that the thread's context class loader knows, or that lies beside liblink.
   *
   * @throws LinkException FAILED_PRECONDITION when there is none
   */
  static SpoolProvider find(Path directory) {
    try {
      SpoolProvider found = first(Thread.currentThread().getContextClassLoader());
      if (found == null) {
        found = first(SpoolProviders.class.getClassLoader());
      }
      if (found != null) {
        return found;
      }
    } catch (ServiceConfigurationError e) {
      throw failure(directory, "the spool on the path can't be loaded: " + e.getMessage(), e);
    }
    throw failure(
        directory, "there is no spool on the path: liblink-spool brings one, add it", null);
  }

  private static @Nullable SpoolProvider first(@Nullable ClassLoader loader) {
    Iterator<SpoolProvider> all =
        ServiceLoader.load(SpoolProvider.class, loader).iterator();
    return all.hasNext() ? all.next() : null;
  }

  private static LinkException failure(Path directory, String why, @Nullable Throwable cause) {
    return LinkException.failure(
            Status.FAILED_PRECONDITION,
            Stage.SEND,
            "items can't be kept in " + directory + ": " + why)
        .cause(cause)
        .build();
  }
}
