package io.liblink.proof.pipeline;

import java.nio.ByteBuffer;

/**
 * What an item says.
 *
 * @param value a number that is given to no other item
 * @param before the attempt at the stage before, from 1
 */
record Work(long value, int before) {
  private static final int BYTES = 64;

  static Work read(byte[] payload) {
    ByteBuffer b = ByteBuffer.wrap(payload);
    return new Work(b.getLong(), b.getInt());
  }

  byte[] payload() {
    return ByteBuffer.allocate(BYTES).putLong(value).putInt(before).array();
  }
}
