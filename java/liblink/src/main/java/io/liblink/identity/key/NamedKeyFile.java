package io.liblink.identity.key;

import io.liblink.identity.ClusterKeyException;
import io.liblink.identity.ClusterKeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A key file that somebody named. Symbolic links are followed and any owner is taken, because
 * mounted secrets look like that; but nobody else may be able to write it.
 */
final class NamedKeyFile implements KeySource {
  private final Path file;

  NamedKeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Loaded reload() {
    try {
      List<String> warnings = new ArrayList<>();
      if (!Files.isRegularFile(file) && Files.exists(file)) {
        throw new ClusterKeyException(
            Reason.NOT_A_FILE,
            file + " is not a regular file: set LIBLINK_KEY_FILE to the file that"
                + " holds the cluster key");
      }
      KeyPermissions permissions = KeyPermissions.of(file);
      if (permissions.othersMayWrite()) {
        throw new ClusterKeyException(
            Reason.PERMISSIONS,
            "others can write the key file " + file + ", so they can choose whom"
                + " this node trusts: run 'chmod 600 " + KeyPermissions.quoted(file) + "'");
      }
      if (permissions.everybodyMayRead()) {
        warnings.add("everybody on this machine can read the key file " + file + " and so join the"
            + " cluster: run 'chmod 600 " + KeyPermissions.quoted(file) + "' (Kubernetes:"
            + " defaultMode: 0400)");
      }
      String text = KeyText.read(file, Set.of(StandardOpenOption.READ));
      return new Loaded(KeySource.parse(text, describe()), false, warnings);
    } catch (IOException e) {
      throw KeyText.unreadable(file, e);
    }
  }

  @Override
  public String describe() {
    return "the key file " + file;
  }

  @Override
  public String toString() {
    return describe();
  }
}
