/** liblink: join a cluster, serve services, call them. */
@NullMarked
package io.liblink;

import org.jspecify.annotations.NullMarked;
