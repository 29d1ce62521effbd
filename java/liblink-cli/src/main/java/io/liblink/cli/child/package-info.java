/** Processes that this program starts: itself again, with a temporary cluster to play in. */
@NullMarked
package io.liblink.cli.child;

import org.jspecify.annotations.NullMarked;
