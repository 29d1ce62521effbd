package io.liblink.status;

import org.jspecify.annotations.Nullable;

/** How far an exchange had come when it failed. The order is the order of events. */
public enum Stage {
  /** Looking for instances of the service. */
  DISCOVER(0),
  /** Choosing among the instances found: readiness, selector. */
  SELECT(1),
  /** Being allowed to: identity and policy, on either side. */
  AUTHORIZE(2),
  /** Opening the link: TCP, TLS, HELLO. */
  CONNECT(3),
  /** Handing the request to the link: encoding, limits, back-pressure. */
  SEND(4),
  /** Waiting for the reply. */
  WAIT(5),
  /** The handler's own work. */
  HANDLE(6);

  private static final Stage[] BY_CODE = values();

  private final int code;

  Stage(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The stage of that number, or null when there is none. */
  public static @Nullable Stage of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
