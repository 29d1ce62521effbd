/** Links to peers and the view of who is there. */
@NullMarked
package io.liblink.cluster;

import org.jspecify.annotations.NullMarked;
