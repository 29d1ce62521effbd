/** What registries share to tell instances that left from instances that a registry merely lost. */
@NullMarked
package io.liblink.registry.quarantine;

import org.jspecify.annotations.NullMarked;
