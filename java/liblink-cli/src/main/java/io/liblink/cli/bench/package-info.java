/** Load on a service, and what came of it. */
@NullMarked
package io.liblink.cli.bench;

import org.jspecify.annotations.NullMarked;
