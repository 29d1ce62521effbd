/** The commands, one class each, and what they share. */
@NullMarked
package io.liblink.cli.command;

import org.jspecify.annotations.NullMarked;
