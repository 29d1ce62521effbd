/** The program {@code liblink}: where it starts, and the list of what it can do. */
@NullMarked
package io.liblink.cli;

import org.jspecify.annotations.NullMarked;
