/** Who is connected with whom as a cluster grows, and what that costs its registry. */
@NullMarked
package io.liblink.bench.topology;

import org.jspecify.annotations.NullMarked;
