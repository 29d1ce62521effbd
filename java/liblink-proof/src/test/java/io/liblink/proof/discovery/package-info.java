@org.jspecify.annotations.NullMarked
package io.liblink.proof.discovery;
