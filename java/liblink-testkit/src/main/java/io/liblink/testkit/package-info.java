/** A cluster inside a test: real nodes and real TLS, a clock to turn, faults to inject. */
@NullMarked
package io.liblink.testkit;

import org.jspecify.annotations.NullMarked;
