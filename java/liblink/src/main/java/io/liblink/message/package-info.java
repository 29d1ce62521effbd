/** What travels: messages, names and addresses. Values only, no behaviour of the network. */
@NullMarked
package io.liblink.message;

import org.jspecify.annotations.NullMarked;
