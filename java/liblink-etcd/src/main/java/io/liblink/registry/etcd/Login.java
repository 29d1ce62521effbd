package io.liblink.registry.etcd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The token by which etcd knows this node's user: asked for when it is first wanted, and again when
 * etcd no longer takes it. A token is good for all members. Thread-safe.
 */
final class Login {
  private static final int LONGEST_PASSWORD = 4096;

  /** How one logs in. */
  interface Authenticate {
    /** Sends that body to etcd's authentication. */
    CompletableFuture<String> ask(Map<String, ?> body);
  }

  private final Settings settings;

  /** Guarded by this. Whoever comes while a login is under way waits for the same. */
  private @Nullable CompletableFuture<String> token;

  Login(Settings settings) {
    this.settings = settings;
  }

  /** The token; empty when nobody is to log in. */
  CompletableFuture<String> token(Authenticate how) {
    if (settings.user().isEmpty()) {
      return CompletableFuture.completedFuture("");
    }
    CompletableFuture<String> made;
    synchronized (this) {
      if (token != null) {
        return token;
      }
      made = new CompletableFuture<>();
      token = made;
    }
    String password;
    try {
      password = password();
    } catch (EtcdException e) {
      failed(made, e);
      return made;
    }
    how.ask(Map.of("name", settings.user(), "password", password)).whenComplete((t, failure) -> {
      if (failure == null) {
        made.complete(t);
      } else {
        failed(made, failure);
      }
    });
    return made;
  }

  private void failed(CompletableFuture<String> made, Throwable failure) {
    synchronized (this) {
      if (token == made) {
        token = null;
      }
    }
    made.completeExceptionally(failure);
  }

  /** Etcd does not take that one any more. */
  synchronized void forget(String old) {
    if (token != null
        && token.isDone()
        && !token.isCompletedExceptionally()
        && token.join().equals(old)) {
      token = null;
    }
  }

  private String password() throws EtcdException {
    Path file = settings.passwordFile();
    if (file == null) {
      return settings.password() == null ? "" : settings.password();
    }
    try {
      if (Files.size(file) > LONGEST_PASSWORD) {
        throw new EtcdException(
            EtcdException.Kind.REFUSED, "the password file " + file + " is too large to be one");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new EtcdException(
          EtcdException.Kind.REFUSED,
          "the password file " + file + " can't be read: " + e.getClass().getSimpleName());
    }
  }
}
