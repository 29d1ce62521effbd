/** The bench: liblink beside a raw reference and its peers, in one run. */
@NullMarked
package io.liblink.bench;

import org.jspecify.annotations.NullMarked;
