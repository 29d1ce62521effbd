/** Books that survive the end of whoever keeps them, and what is read from them. */
@NullMarked
package io.liblink.proof.books;

import org.jspecify.annotations.NullMarked;
