package io.liblink.registry.local;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the directories of all clusters are.
 *
 * @param base absolute
 * @param saidBy what to change to have another one, for messages
 */
record Place(Path base, String saidBy) {
  private static final String SCHEME = "local:";

  /**
   * Follows the path rules: what the URI names, else {@code LIBLINK_RUNTIME_DIR}, else {@code
   * XDG_RUNTIME_DIR/liblink} where that directory is the user's own, else {@code liblink-<uid>} in
   * the directory for temporary files.
   *
   * @param env gives a variable of the environment, or an empty text
   * @throws IllegalArgumentException when a path is not absolute, or no path
   */
  static Place of(String uri, UnaryOperator<String> env, String temporary, long uid) {
    String named = uri.substring(SCHEME.length());
    if (!named.isEmpty()) {
      if (named.startsWith("//") && !named.startsWith("///")) {
        throw new IllegalArgumentException(
            "'" + uri + "' names a host, but local: is this machine: write local:/absolute/path");
      }
      return new Place(absolute(named, "'" + uri + "'"), "the registry URI");
    }
    String own = env.apply("LIBLINK_RUNTIME_DIR");
    if (!own.isEmpty()) {
      return new Place(absolute(own, "LIBLINK_RUNTIME_DIR='" + own + "'"), "LIBLINK_RUNTIME_DIR");
    }
    Path session = session(env.apply("XDG_RUNTIME_DIR"), uid);
    if (session != null) {
      return new Place(session.resolve("liblink"), "LIBLINK_RUNTIME_DIR");
    }
    String name = uid == Stat.UNKNOWN ? "liblink" : "liblink-" + uid;
    return new Place(Path.of(temporary, name).toAbsolutePath(), "LIBLINK_RUNTIME_DIR");
  }

  private static Path absolute(String text, String what) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(what + " is not a path: " + e.getReason(), e);
    }
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          what + " must be an absolute path, so that every process means the same directory");
    }
    return path.normalize();
  }

  /**
   * The session's directory, if it is there and belongs to the user: one that was inherited from
   * another user, as {@code su} does, would be filled with files that its owner can't use.
   */
  private static @Nullable Path session(String text, long uid) {
    if (text.isEmpty() || !text.startsWith("/")) {
      return null;
    }
    try {
      Path path = Path.of(text);
      Stat stat = Stat.of(path);
      return stat.isDirectory() && stat.uid() == uid ? path : null;
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }
}
