/**
 * Raw Netty and BoringSSL with frames laid out like liblink's and nothing else: what the machine
 * can do, against which everything is measured.
 */
@NullMarked
package io.liblink.bench.reference;

import org.jspecify.annotations.NullMarked;
