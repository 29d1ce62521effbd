package io.liblink.pipeline;

import io.liblink.spool.Spool;
import io.liblink.spool.SpoolProvider;

/** Opens {@link FakeDisk}s. */
public final class FakeSpoolProvider implements SpoolProvider {
  @Override
  public Spool open(Settings settings) {
    return FakeDisk.of(settings.directory()).open();
  }
}
