package io.liblink.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads strings, remembering the short ones it saw last: a link says the same few names millions of
 * times. Bounded: {@value #SLOTS} strings of at most {@value #LONGEST} bytes, a newer one takes the
 * place of an older. Owned by one thread.
 */
public final class Texts {
  private static final int SLOTS = 64;
  private static final int LONGEST = 200;

  private @Nullable Text @Nullable [] slots;

  /** Reads {@code u16 + UTF-8} of at most that many bytes. */
  Text read(ByteBuffer in, String what, int max) {
    Text text = read(in, what);
    if (text.size() > 2 + max) {
      throw new ProtocolException(
          "§3.2", what + ": " + (text.size() - 2) + " bytes; at most " + max + " are allowed");
    }
    return text;
  }

  /** Reads {@code u16 + UTF-8}. */
  Text read(ByteBuffer in, String what) {
    if (in.remaining() < 2) {
      throw new ProtocolException("§3.2", what + ": the frame ends inside its length");
    }
    int length = in.getShort() & 0xFFFF;
    if (length == 0) {
      return Text.EMPTY;
    }
    if (in.remaining() < length) {
      throw new ProtocolException(
          "§3.2", what + ": " + length + " bytes announced, " + in.remaining() + " there");
    }
    if (length > LONGEST) {
      return decode(in, length, what);
    }
    @Nullable Text[] known = slots;
    if (known == null) {
      known = slots = new Text[SLOTS];
    }
    int start = in.position();
    int slot = hash(in, start, length) & (SLOTS - 1);
    Text text = known[slot];
    if (text != null && matches(text.utf8(), in, start, length)) {
      in.position(start + length);
      return text;
    }
    text = decode(in, length, what);
    known[slot] = text;
    return text;
  }

  /** Mixes length, both ends and the middle: enough to tell the names of one link apart. */
  private static int hash(ByteBuffer in, int start, int length) {
    int h = length * 31 + in.get(start);
    h = h * 31 + in.get(start + length - 1);
    h = h * 31 + in.get(start + (length >> 1));
    h = h * 31 + in.get(start + length - 1 - (length >> 2));
    return h ^ (h >>> 7);
  }

  private static boolean matches(byte[] utf8, ByteBuffer in, int start, int length) {
    if (utf8.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (utf8[i] != in.get(start + i)) {
        return false;
      }
    }
    return true;
  }

  private static Text decode(ByteBuffer in, int length, String what) {
    byte[] utf8 = new byte[length];
    in.get(utf8);
    for (byte b : utf8) {
      if (b < 0) {
        return new Text(strict(utf8, what), utf8);
      }
    }
    return new Text(new String(utf8, StandardCharsets.ISO_8859_1), utf8);
  }

  private static String strict(byte[] utf8, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException("§3.2", what + ": not UTF-8");
    }
  }
}
