/** What registries without announcements share: addresses that are asked who is there, over and over. */
@NullMarked
package io.liblink.registry.peers;

import org.jspecify.annotations.NullMarked;
