/**
 * Services that find each other, prove who they are and talk. Only the packages exported here are
 * API; everything else may change in any release.
 */
module io.liblink {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires static io.netty.tcnative.classes.openssl;
  requires java.naming;
  requires jdk.naming.dns;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static transitive org.jspecify;

  exports io.liblink;
  exports io.liblink.codec;
  exports io.liblink.delivery;
  exports io.liblink.identity;
  exports io.liblink.identity.key to
      io.liblink.testkit;
  exports io.liblink.message;
  exports io.liblink.registry;
  exports io.liblink.registry.local to
      io.liblink.etcd;
  exports io.liblink.registry.loop to
      io.liblink.consul,
      io.liblink.etcd;
  exports io.liblink.registry.quarantine to
      io.liblink.consul,
      io.liblink.etcd;
  exports io.liblink.spool;
  exports io.liblink.status;
  exports io.liblink.time;
  exports io.liblink.topology;

  uses io.liblink.registry.RegistryProvider;
  uses io.liblink.spool.SpoolProvider;

  provides io.liblink.registry.RegistryProvider with
      io.liblink.registry.dns.DnsProvider,
      io.liblink.registry.local.LocalProvider,
      io.liblink.registry.fixed.FixedProvider;
}
