/** Where users' code runs: workers, and short jobs in batches. */
@NullMarked
package io.liblink.work;

import org.jspecify.annotations.NullMarked;
