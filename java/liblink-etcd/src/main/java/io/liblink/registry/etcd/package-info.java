/**
 * {@code etcd://host:2379,…}: instances as keys under a lease, watched. What is written is in {@code
 * spec/registry-etcd.md}. Two threads for each registry: {@code LeaseKeeper}'s announces and beats,
 * {@code EtcdRegistry}'s watches and tells.
 */
@NullMarked
package io.liblink.registry.etcd;

import org.jspecify.annotations.NullMarked;
