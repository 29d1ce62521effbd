/** Processes of a proof: started, asked, killed, stopped, and always cleaned up. */
@NullMarked
package io.liblink.proof.process;

import org.jspecify.annotations.NullMarked;
