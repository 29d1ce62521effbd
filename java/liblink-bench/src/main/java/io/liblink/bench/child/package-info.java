/** The processes of a run: what they are told, what they say, what they cost. */
@NullMarked
package io.liblink.bench.child;

import org.jspecify.annotations.NullMarked;
