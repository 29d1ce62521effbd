/**
 * One node's trust: where its keys come from, its own certificate, and the judgement over peers.
 * {@link io.liblink.identity.trust.Trust} is the way in.
 */
@NullMarked
package io.liblink.identity.trust;

import org.jspecify.annotations.NullMarked;
