package io.liblink.spool;

import io.liblink.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;

/** Opens spools; found by {@link java.util.ServiceLoader}. Stateless. */
public interface SpoolProvider {
  /**
   * How a spool is kept.
   *
   * @param directory holds nothing but the spool; made when it is missing, with permissions for the user alone
   * @param mostBytes of items kept; what would go beyond is refused
   * @param syncEvery how long an accepted item may wait for others that are synced with it; 0 syncs each append by itself
   * @param time the node's clock
   */
  record Settings(Path directory, long mostBytes, Duration syncEvery, TimeSource time) {}

  /**
   * Opens the spool, making it when there is none, and repairs what a crash left half written. Blocks.
   *
   * @throws io.liblink.status.LinkException FAILED_PRECONDITION when another process has it open, when
   *     it is damaged or made by a newer version, or when the directory can't be used; in words, with the path
   */
  Spool open(Settings settings);
}
