/** Pipeline: producers that keep items until they are acknowledged, and queues that are worked on. */
@NullMarked
package io.liblink.pipeline;

import org.jspecify.annotations.NullMarked;
