/**
 * One node's trust: its own certificate and the judgement over its peers. {@link
 * io.liblink.identity.trust.Trust} is the way in.
 */
@NullMarked
package io.liblink.identity.trust;

import org.jspecify.annotations.NullMarked;
