package io.liblink.pipeline;

import io.liblink.status.LinkException;
import io.liblink.status.Status;

/** An item that a worker did not take, and why. */
record Rejection(PushedItem item, Status status, LinkException cause) {}
