/**
 * {@code static:host:port,…}: a list of addresses, and who is there is learned from whoever answers.
 */
@NullMarked
package io.liblink.registry.fixed;

import org.jspecify.annotations.NullMarked;
