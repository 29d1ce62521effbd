/** What is measured, one file each, behind one interface. */
@NullMarked
package io.liblink.bench.peers;

import org.jspecify.annotations.NullMarked;
