@org.jspecify.annotations.NullMarked
package io.liblink.spool.sqlite;
