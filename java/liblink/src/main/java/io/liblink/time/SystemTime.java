package io.liblink.time;

/** The machine's own clock: the one place that may ask for it. */
enum SystemTime implements TimeSource {
  INSTANCE;

  @Override
  @SuppressForbidden("this is the edge where real time enters")
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  @SuppressForbidden("this is the edge where real time enters")
  public long wallMillis() {
    return System.currentTimeMillis();
  }
}
