/** What tests share. */
package io.liblink.testing;
