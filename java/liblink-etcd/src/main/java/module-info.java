/** Discovery through etcd: nothing here is API but the URI, {@code etcd://host:2379}. */
module io.liblink.etcd {
  requires io.liblink;
  requires java.net.http;
  requires tools.jackson.databind;
  requires static org.jspecify;

  provides io.liblink.registry.RegistryProvider with
      io.liblink.registry.etcd.EtcdProvider,
      io.liblink.registry.etcd.SecureEtcdProvider;
}
