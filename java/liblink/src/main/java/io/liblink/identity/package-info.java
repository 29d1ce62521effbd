/** Who a node is: the cluster key, identities and what a peer proved. */
@NullMarked
package io.liblink.identity;

import org.jspecify.annotations.NullMarked;
