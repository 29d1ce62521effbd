/** Proofs of discovery: instances come, go, die and stand still, registries fail, and no call does. */
@org.jspecify.annotations.NullMarked
package io.liblink.proof.discovery;
