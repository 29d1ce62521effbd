/** Who talks to whom: the rules by which a caller chooses among the instances of a service. */
@NullMarked
package io.liblink.topology;

import org.jspecify.annotations.NullMarked;
