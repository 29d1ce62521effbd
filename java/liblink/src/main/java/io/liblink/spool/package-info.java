/** Where a producer keeps on disk what it accepted: the interface; {@code liblink-spool} has the store. */
@NullMarked
package io.liblink.spool;

import org.jspecify.annotations.NullMarked;
