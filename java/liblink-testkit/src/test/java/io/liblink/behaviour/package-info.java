/** What users can rely on, each behaviour one test, through whole nodes. */
package io.liblink.behaviour;
