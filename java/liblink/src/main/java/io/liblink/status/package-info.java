/** How things end: status codes, stages and the one exception of liblink. */
@NullMarked
package io.liblink.status;

import org.jspecify.annotations.NullMarked;
