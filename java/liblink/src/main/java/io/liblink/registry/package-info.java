/** Where instances are announced and watched: the interface that registries implement. */
@NullMarked
package io.liblink.registry;

import org.jspecify.annotations.NullMarked;
