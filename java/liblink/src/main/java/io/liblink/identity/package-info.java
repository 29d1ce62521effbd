/** Who a node is, and why one was refused. The machinery lies in packages below this one. */
@NullMarked
package io.liblink.identity;

import org.jspecify.annotations.NullMarked;
