/** The registry of a test cluster, in memory. */
@NullMarked
package io.liblink.testkit.registry;

import org.jspecify.annotations.NullMarked;
