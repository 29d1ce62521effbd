/** The code of docs/guide/testing.md, compiled and run. */
package io.liblink.testkit.examples;
