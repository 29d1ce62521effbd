package io.liblink.cli.output;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What the library logs becomes narration: one line each, warnings only unless {@code LIBLINK_DEBUG}
 * is set. Named by a system property and made by {@link LogManager}, so that a command that logs
 * nothing pays nothing.
 */
public final class Logs {
  /** The property by which {@link LogManager} finds this class. */
  public static final String PROPERTY = "java.util.logging.config.class";

  /** For {@link LogManager}. */
  public Logs() {
    boolean debug = System.getenv("LIBLINK_DEBUG") != null;
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(debug ? Level.FINE : Level.WARNING);
    root.addHandler(new Lines(debug));
  }

  /** Takes this class for the configuration, unless the user named another. */
  public static void install() {
    if (System.getProperty(PROPERTY) == null
        && System.getProperty("java.util.logging.config.file") == null) {
      System.setProperty(PROPERTY, Logs.class.getName());
    }
  }

  private static final class Lines extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();
    private final boolean debug;

    Lines(boolean debug) {
      this.debug = debug;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      StringBuilder line = new StringBuilder();
      if (debug) {
        line.append(record.getInstant()).append(' ').append(record.getLevel()).append(' ');
        line.append(record.getLoggerName()).append(": ");
      } else {
        line.append("liblink: ");
      }
      line.append(formatter.formatMessage(record));
      if (debug && record.getThrown() != null) {
        line.append(" (").append(record.getThrown()).append(')');
      }
      System.err.println(line);
    }

    @Override
    public void flush() {
      System.err.flush();
    }

    @Override
    public void close() {}
  }
}
