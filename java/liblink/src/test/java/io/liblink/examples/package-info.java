/** The code of the documents, compiled: DocsTest compares the two. */
package io.liblink.examples;
