/**
 * {@code dns:example.org}: SRV records say where nodes are, and who is there is learned from whoever
 * answers. Two threads for each registry: one waits for DNS, one does all the rest.
 */
@NullMarked
package io.liblink.registry.dns;

import org.jspecify.annotations.NullMarked;
