/** Values to bytes and back: the codec interface and how one is chosen. */
@NullMarked
package io.liblink.codec;

import org.jspecify.annotations.NullMarked;
