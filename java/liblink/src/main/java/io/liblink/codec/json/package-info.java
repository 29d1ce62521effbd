/** The built-in JSON codec, and the choice among raw bytes, text, the user's codecs and JSON. */
@NullMarked
package io.liblink.codec.json;

import org.jspecify.annotations.NullMarked;
