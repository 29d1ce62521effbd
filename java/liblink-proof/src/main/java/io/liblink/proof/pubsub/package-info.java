/** What is promised of publish-subscribe: every message is received or told as missed, in order, and nobody slows others. */
@NullMarked
package io.liblink.proof.pubsub;

import org.jspecify.annotations.NullMarked;
