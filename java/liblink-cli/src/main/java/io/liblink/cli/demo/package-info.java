/** The demonstration: a small shop of real processes, and what happens to it. */
@NullMarked
package io.liblink.cli.demo;

import org.jspecify.annotations.NullMarked;
