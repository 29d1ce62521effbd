/** Counting: every call, every link, every drop by its reason. */
@NullMarked
package io.liblink.telemetry;

import org.jspecify.annotations.NullMarked;
