package io.liblink.status;

import org.jspecify.annotations.Nullable;

/** Whether the handler may have run: what decides if a repeat is safe. */
public enum Ran {
  /** It certainly did not: repeating is safe. */
  NO(0),
  /** Nobody can tell: repeat only what is idempotent. */
  MAYBE(1),
  /** It did, at least in part. */
  YES(2);

  private static final Ran[] BY_CODE = values();

  private final int code;

  Ran(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The value of that number, or null when there is none. */
  public static @Nullable Ran of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
