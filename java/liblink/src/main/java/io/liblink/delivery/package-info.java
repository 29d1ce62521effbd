/** The values of publish-subscribe and pipeline: where to start, what was missed, whose item it is. */
@NullMarked
package io.liblink.delivery;

import org.jspecify.annotations.NullMarked;
