/**
 * {@code local:}: nodes of one machine find each other through files in a directory of their user.
 * The files and the rules are {@code spec/registry-local.md}.
 */
@NullMarked
package io.liblink.registry.local;

import org.jspecify.annotations.NullMarked;
