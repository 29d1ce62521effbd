/** Frames to bytes and back, one frame a file. Pure: no I/O, no state but a cache of names. */
@NullMarked
package io.liblink.wire;

import org.jspecify.annotations.NullMarked;
