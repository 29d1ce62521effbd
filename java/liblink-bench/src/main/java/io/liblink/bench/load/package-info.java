/** The work that clients do, and what is measured of it inside the client. */
@NullMarked
package io.liblink.bench.load;

import org.jspecify.annotations.NullMarked;
