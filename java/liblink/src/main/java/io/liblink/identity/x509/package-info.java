/**
 * Certificates as bytes: DER in both directions, P-256, the CA that follows from a secret, and the
 * profile of a node's certificate. Knows no file, no peer and no clock.
 */
@NullMarked
package io.liblink.identity.x509;

import org.jspecify.annotations.NullMarked;
