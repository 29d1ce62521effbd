package io.liblink.registry.etcd;

import java.io.IOException;

/** An answer, or a line of one, with more bytes than are taken into memory. */
final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLargeException(int most) {
    super("more than " + most + " bytes at once");
  }
}
