package io.liblink.registry.etcd;

import io.liblink.message.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a URI and the environment say.
 *
 * @param uri the URI itself; it holds no secret
 * @param members where etcd is, at least one
 * @param tls whether over TLS
 * @param prefix what all keys begin with, {@code /liblink}: begins with a slash, ends without
 * @param ttl how long etcd keeps what a silent node announced
 * @param user who to log in as; empty for nobody
 * @param password the user's password, when it came from the environment; never shown
 * @param passwordFile the file with the password, read at each login
 * @param ca the certificates that etcd's is checked against; null for those of the machine
 * @param certificate this node's own certificate; null for none
 * @param key the key of that certificate
 */
record Settings(
    String uri,
    List<Address> members,
    boolean tls,
    String prefix,
    Duration ttl,
    String user,
    @Nullable String password,
    @Nullable Path passwordFile,
    @Nullable Path ca,
    @Nullable Path certificate,
    @Nullable Path key) {
  Settings {
    members = List.copyOf(members);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return uri;
  }
}
