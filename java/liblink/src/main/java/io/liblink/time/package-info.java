/** Time as something handed in: the clock and the timers, so that tests can turn them. */
@NullMarked
package io.liblink.time;

import org.jspecify.annotations.NullMarked;
