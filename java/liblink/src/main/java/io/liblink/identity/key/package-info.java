/** The cluster key: as text, in files and in the environment. Knows nothing of peers. */
@NullMarked
package io.liblink.identity.key;

import org.jspecify.annotations.NullMarked;
