package io.liblink.proof.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Where the instances of a proof find each other. */
public enum Registry {
  /** The directory of this machine, without any server: it can't fail. */
  LOCAL,
  /** An agent that is a server, alone. */
  CONSUL,
  /** One member. */
  ETCD;

  private static final int FETCH_SECONDS = 240;

  /** Whether there is a server that can be killed and emptied. */
  public boolean hasServer() {
    return this != LOCAL;
  }

  String scheme() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The path of the server's program: what {@code scripts/servers} finds, without building it.
   *
   * @throws IOException when there is none, and why
   */
  public String program() throws IOException, InterruptedException {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.exists(root.resolve("scripts/servers").resolve(scheme()))) {
      root = root.getParent();
    }
    if (root == null) {
      throw new IOException("no scripts/servers/" + scheme() + ": run this in the repository");
    }
    List<String> command = new ArrayList<>(List.of("scripts/servers/" + scheme()));
    if (this == CONSUL) {
      command.add("--quick");
    }
    Path out = Files.createTempFile("liblink-proof", ".out");
    Path errors = Files.createTempFile("liblink-proof", ".err");
    try {
      Process p = new ProcessBuilder(command)
          .directory(root.toFile())
          .redirectOutput(out.toFile())
          .redirectError(errors.toFile())
          .start();
      if (!p.waitFor(FETCH_SECONDS, TimeUnit.SECONDS) || p.exitValue() != 0) {
        p.destroyForcibly();
        throw new IOException("no " + scheme() + " to run the proof with: "
            + Files.readString(errors).strip());
      }
      return Files.readString(out, StandardCharsets.UTF_8).strip();
    } finally {
      Files.delete(out);
      Files.delete(errors);
    }
  }
}
