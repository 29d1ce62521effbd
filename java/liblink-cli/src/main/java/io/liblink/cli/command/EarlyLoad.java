package io.liblink.cli.command;

/**
 * Loads the native TLS library while the key is being derived: each takes up to 100 ms of a cold
 * start, on another processor, and a node needs both. Nothing depends on it: a class that is not
 * there, or that a node does not use, is no loss.
 */
final class EarlyLoad {
  private static final String SLOWEST = "io.netty.handler.ssl.OpenSsl";

  private EarlyLoad() {}

  static void start() {
    Thread thread = new Thread(EarlyLoad::load, "liblink-early-load");
    thread.setDaemon(true);
    thread.start();
  }

  private static void load() {
    try {
      Class.forName(SLOWEST);
    } catch (ClassNotFoundException | LinkageError e) {
      // then the node finds out by itself what there is
    }
  }
}
