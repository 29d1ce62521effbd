/**
 * Which instance gets the next request: discovered, ready, selected, balanced. Pure logic: no I/O, no
 * threads, and no clock but the {@code nowNanos} that callers hand in, always from one {@link
 * io.liblink.time.TimeSource#nanos()}.
 */
@NullMarked
package io.liblink.routing;

import org.jspecify.annotations.NullMarked;
