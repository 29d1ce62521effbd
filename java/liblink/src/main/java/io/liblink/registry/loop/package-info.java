/** What the built-in registries share: the thread that does all the work, and the watches. */
@NullMarked
package io.liblink.registry.loop;

import org.jspecify.annotations.NullMarked;
