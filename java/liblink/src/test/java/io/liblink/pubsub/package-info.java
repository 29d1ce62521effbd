/** Topics and subscriptions, piece by piece. */
package io.liblink.pubsub;
