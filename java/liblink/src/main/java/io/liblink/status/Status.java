package io.liblink.status;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended. Names and numbers are gRPC's canonical codes, so that they mean the same to
 * people and tools that know those. {@code spec/errors.json} is the table that every language
 * checks itself against.
 */
public enum Status {
  OK(0),
  CANCELLED(1),
  UNKNOWN(2),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  ALREADY_EXISTS(6),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  FAILED_PRECONDITION(9),
  ABORTED(10),
  OUT_OF_RANGE(11),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  DATA_LOSS(15),
  UNAUTHENTICATED(16);

  private static final Status[] BY_CODE = values();

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /** The number on the wire, 0 to 16. */
  public int code() {
    return code;
  }

  /** The status of that number, or null when there is none. */
  public static @Nullable Status of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
