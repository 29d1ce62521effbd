/** Proofs of what is promised under failure: real processes, exact books. */
@NullMarked
package io.liblink.proof;

import org.jspecify.annotations.NullMarked;
