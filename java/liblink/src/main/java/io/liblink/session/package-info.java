/** One link's life as a state machine, without I/O, clock or thread: bytes in, events and bytes out. */
@NullMarked
package io.liblink.session;

import org.jspecify.annotations.NullMarked;
