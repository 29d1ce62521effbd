/**
 * {@code consul://host:8500}: a service is a Consul service of the same name. The form in which an
 * instance is written is {@code spec/registry-consul.md}.
 */
@NullMarked
package io.liblink.registry.consul;

import org.jspecify.annotations.NullMarked;
