/** Random schedules of everything that can happen to a cluster, from a seed, in one process. */
@NullMarked
package io.liblink.proof.schedule;

import org.jspecify.annotations.NullMarked;
