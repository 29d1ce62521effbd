/** Benchmarks of single parts, run by {@code scripts/bench micro}. */
@NullMarked
package io.liblink.bench.micro;

import org.jspecify.annotations.NullMarked;
