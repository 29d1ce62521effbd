/** Publish-subscribe: the tail of a topic and its subscribers; a subscription and its publishers. */
@NullMarked
package io.liblink.pubsub;

import org.jspecify.annotations.NullMarked;
