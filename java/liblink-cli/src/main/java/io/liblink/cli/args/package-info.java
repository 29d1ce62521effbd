/**
 * What a command line looks like: options, shapes of commands, and what is made of them: parsing,
 * help, shell completion, suggestions.
 *
 * <p>Written here instead of taken from a library because of its start: an annotated parser of that
 * kind costs about 75 ms of each start even with class data sharing, more than everything else that
 * happens before a command runs; and help, completion and suggestions need only the table that the
 * parser needs anyway.
 */
@NullMarked
package io.liblink.cli.args;

import org.jspecify.annotations.NullMarked;
