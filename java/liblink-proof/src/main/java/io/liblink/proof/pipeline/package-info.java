/** What is promised of pipelines: what was accepted is worked on, whatever dies, and repeats are marked. */
@NullMarked
package io.liblink.proof.pipeline;

import org.jspecify.annotations.NullMarked;
