/** What the program says and how: data on one stream, narration on the other, tables, figures, JSON. */
@NullMarked
package io.liblink.cli.output;

import org.jspecify.annotations.NullMarked;
