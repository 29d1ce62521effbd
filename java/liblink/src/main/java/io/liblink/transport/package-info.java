/** Netty and TLS: the only package that knows either. Moves bytes between sockets and sessions. */
@NullMarked
package io.liblink.transport;

import org.jspecify.annotations.NullMarked;
