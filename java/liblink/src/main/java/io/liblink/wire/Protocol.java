package io.liblink.wire;

import io.liblink.status.Status;

/** The numbers of {@code liblink/1}; {@code spec/protocol.md} §3 is their source. */
public final class Protocol {
  /** What both sides offer in the TLS handshake. */
  public static final String ALPN = "liblink/1";

  /** The version in HELLO. */
  public static final int VERSION = 1;

  /** length u32, type u8, flags u8, stream u32. */
  public static final int HEADER_SIZE = 10;

  /** What the length field counts beside the body: type, flags, stream. */
  public static final int LENGTH_EXTRA = 6;

  /**
   * The least that a node may offer as its largest frame, header not counted. Every frame that this
   * version allows is smaller, so that no sender has to ask whether one fits.
   */
  public static final int MIN_FRAME_LIMIT = 64 * 1024;

  /** The frame limit of this implementation. */
  public static final int FRAME_LIMIT = MIN_FRAME_LIMIT;

  /** Streams are numbered from 1 to this; then the link has to be replaced. */
  public static final int MAX_STREAM = Integer.MAX_VALUE;

  /** Messages with a payload above this travel as fragments, within the byte credit of the link. */
  public static final int WHOLE_PAYLOAD = 16 * 1024;

  /** The payload of one CONTINUE. */
  public static final int FRAGMENT = 32 * 1024;

  /** The byte credit that a side grants at the start of a link. */
  public static final int INITIAL_WINDOW = 768 * 1024;

  /** All headers of a message, encoded. */
  public static final int MAX_HEADER_BYTES = 16 * 1024;

  /** Headers of a message. */
  public static final int MAX_HEADERS = 128;

  /** Bytes of a header key. */
  public static final int MAX_HEADER_KEY = 128;

  /** Bytes of a content type. */
  public static final int MAX_CONTENT_TYPE = 255;

  /** Bytes of {@code service/endpoint}: 63, the slash, 128. */
  public static final int MAX_TARGET = 192;

  /** Bytes of a reason, and of the text of a failure; a longer one is cut by its sender. */
  public static final int MAX_REASON = 4096;

  /** Bytes of the name of the software in HELLO. */
  public static final int MAX_AGENT = 255;

  /** OPEN: no deadline. */
  public static final long NO_DEADLINE = 0xFFFF_FFFFL;

  public static final int HELLO = 0x01;
  public static final int PING = 0x02;
  public static final int PONG = 0x03;
  public static final int GOAWAY = 0x04;
  public static final int OPEN = 0x10;
  public static final int MESSAGE = 0x11;
  public static final int CONTINUE = 0x12;
  public static final int CREDIT = 0x13;
  public static final int ACK = 0x14;
  public static final int CLOSE = 0x15;
  public static final int CANCEL = 0x16;

  /** A frame type with this bit may be skipped by who does not know it. */
  public static final int OPTIONAL_TYPE = 0x80;

  /** Flags in these bits may be ignored by who does not know them; the others must be known. */
  public static final int OPTIONAL_FLAGS = 0xF0;

  /** OPEN, MESSAGE: 25 bytes of trace context are there. */
  public static final int FLAG_TRACE = 0x01;

  /** OPEN, MESSAGE, CLOSE: the payload is not here but follows in CONTINUE frames. */
  public static final int FLAG_MORE = 0x02;

  /** OPEN: the opener takes a stream of items and grants credit for the first. */
  public static final int FLAG_STREAM = 0x04;

  /** CREDIT: bytes of CONTINUE payload on the link, not items on a stream. */
  public static final int FLAG_BYTES = 0x01;

  private Protocol() {}

  /** The name of a frame type, for messages. */
  public static String nameOf(int type) {
    return switch (type) {
      case HELLO -> "HELLO";
      case PING -> "PING";
      case PONG -> "PONG";
      case GOAWAY -> "GOAWAY";
      case OPEN -> "OPEN";
      case MESSAGE -> "MESSAGE";
      case CONTINUE -> "CONTINUE";
      case CREDIT -> "CREDIT";
      case ACK -> "ACK";
      case CLOSE -> "CLOSE";
      case CANCEL -> "CANCEL";
      default -> "frame type " + type;
    };
  }

  /**
   * The size of the body behind a length field that was just read, before anything is allocated for
   * it.
   *
   * @param length the field
   * @param maxFrame what this side offered in its HELLO
   */
  public static int bodySize(int length, int maxFrame) {
    long size = (length & 0xFFFF_FFFFL) - LENGTH_EXTRA;
    if (size < 0 || size > maxFrame) {
      throw new ProtocolException(
          "§3.1",
          "a frame of length "
              + (length & 0xFFFF_FFFFL)
              + "; at least 6 and at most "
              + (maxFrame + (long) LENGTH_EXTRA)
              + " are allowed");
    }
    return (int) size;
  }

  /**
   * Judges a frame by its header alone.
   *
   * @return true to read it, false to skip it
   * @throws ProtocolException when its type or its flags are unknown and not optional, or it is on
   *     a stream where its type has no place
   */
  public static boolean accepts(int type, int flags, int stream) {
    if (!known(type)) {
      if ((type & OPTIONAL_TYPE) != 0) {
        return false;
      }
      throw new ProtocolException(Status.UNIMPLEMENTED, "§3.5", "unknown frame type " + type);
    }
    if ((flags & ~OPTIONAL_FLAGS & ~knownFlags(type)) != 0) {
      throw new ProtocolException(
          Status.UNIMPLEMENTED, "§3.5", nameOf(type) + " with unknown flags " + flags);
    }
    boolean ofLink = type <= GOAWAY || (type == CREDIT && (flags & FLAG_BYTES) != 0);
    if (stream < 0 || ofLink != (stream == 0)) {
      throw new ProtocolException(
          "§3.5", nameOf(type) + " on stream " + Integer.toUnsignedString(stream));
    }
    return true;
  }

  private static boolean known(int type) {
    return (type >= HELLO && type <= GOAWAY) || (type >= OPEN && type <= CANCEL);
  }

  /** The flags that a frame type knows. */
  public static int knownFlags(int type) {
    return switch (type) {
      case OPEN -> FLAG_TRACE | FLAG_MORE | FLAG_STREAM;
      case MESSAGE -> FLAG_TRACE | FLAG_MORE;
      case CLOSE -> FLAG_MORE;
      case CREDIT -> FLAG_BYTES;
      default -> 0;
    };
  }
}
