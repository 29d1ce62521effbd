/** The rules of the house, as tests: floors, the public API, and a tidy tree. */
package io.liblink.architecture;
