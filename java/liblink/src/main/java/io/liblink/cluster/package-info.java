/** Links to peers, and the view of the cluster. */
@NullMarked
package io.liblink.cluster;

import org.jspecify.annotations.NullMarked;
