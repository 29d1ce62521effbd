/** The wires between the nodes of a test cluster, and what goes wrong on them. */
@NullMarked
package io.liblink.testkit.network;

import org.jspecify.annotations.NullMarked;
