/** What comes out of a run: medians, tables, targets, JSON. */
@NullMarked
package io.liblink.bench.report;

import org.jspecify.annotations.NullMarked;
