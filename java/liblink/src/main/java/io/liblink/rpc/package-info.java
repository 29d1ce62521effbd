/** Request-response: callers, handlers, retries, surveys, streamed replies. */
@NullMarked
package io.liblink.rpc;

import org.jspecify.annotations.NullMarked;
