package io.liblink;

import io.liblink.identity.Identity;
import io.liblink.message.Message;
import io.liblink.rpc.ServerCall;
import java.time.Duration;

/** A call as its handler sees it. */
record RequestView(ServerCall call, Message message) implements Request {
  @Override
  public String service() {
    return call.service();
  }

  @Override
  public String method() {
    return call.method();
  }

  @Override
  public Identity caller() {
    return call.caller();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(call.remainingNanos());
  }

  @Override
  public boolean cancelled() {
    return call.cancelled();
  }

  @Override
  public int attempt() {
    return call.attempt();
  }

  @Override
  public String traceparent() {
    return call.trace().traceparent();
  }
}
