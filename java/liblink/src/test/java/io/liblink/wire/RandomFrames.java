package io.liblink.wire;

import io.liblink.message.NodeId;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Valid frames from a seed. */
final class RandomFrames {
  private static final int[] TYPES = {
    Protocol.HELLO,
    Protocol.PING,
    Protocol.PONG,
    Protocol.GOAWAY,
    Protocol.OPEN,
    Protocol.MESSAGE,
    Protocol.CONTINUE,
    Protocol.CREDIT,
    Protocol.ACK,
    Protocol.CLOSE,
    Protocol.CANCEL
  };
  private static final String[] CHARACTERS = {"a", "Z", "0", "-", " ", "é", "€", "🦊", "\u0000"};

  private final Random random;

  RandomFrames(long seed) {
    random = new Random(seed);
  }

  AnyFrame next() {
    int type = TYPES[random.nextInt(TYPES.length)];
    boolean bytes = type == Protocol.CREDIT && random.nextBoolean();
    int stream = type <= Protocol.GOAWAY || bytes ? 0 : 1 + random.nextInt(Protocol.MAX_STREAM);
    Object frame = switch (type) {
      case Protocol.HELLO -> hello();
      case Protocol.PING, Protocol.PONG -> new PingFrame(random.nextLong());
      case Protocol.GOAWAY ->
        new GoAwayFrame(random.nextInt() & Protocol.MAX_STREAM, status(0), text(300));
      case Protocol.OPEN ->
        new OpenFrame(
            1 + random.nextInt(3),
            1 + random.nextInt(255),
            u32(0),
            trace(),
            random.nextBoolean() ? -1 : u32(0),
            Text.of(text(40)),
            content());
      case Protocol.MESSAGE -> new MessageFrame(random.nextLong(), trace(), content());
      case Protocol.CONTINUE -> payload(1 + random.nextInt(Protocol.FRAGMENT));
      case Protocol.CREDIT -> new CreditFrame(u32(1));
      case Protocol.ACK -> new AckFrame(random.nextLong(), status(0), text(300));
      case Protocol.CLOSE ->
        random.nextBoolean()
            ? CloseFrame.ok(content())
            : new CloseFrame(
                status(1),
                Stage.values()[random.nextInt(Stage.values().length)],
                Ran.values()[random.nextInt(Ran.values().length)],
                content());
      default -> new CancelFrame(status(1));
    };
    return new AnyFrame(type, 0, stream, frame);
  }

  private HelloFrame hello() {
    return new HelloFrame(
        1,
        "c" + random.nextInt(1000),
        "N" + random.nextInt(1000),
        new NodeId(random.nextLong(), random.nextLong()),
        u32(Protocol.MIN_FRAME_LIMIT),
        u32(Protocol.WHOLE_PAYLOAD),
        u32(0),
        u32(0),
        u32(Protocol.FRAGMENT),
        random.nextInt(),
        text(60),
        pairs("Key_"));
  }

  private Content content() {
    int size = random.nextInt(4) == 0
        ? Protocol.WHOLE_PAYLOAD - 2 + random.nextInt(5)
        : random.nextInt(300);
    return new Content(pairs("k."), Text.of(text(60)), payload(size));
  }

  private Map<String, String> pairs(String prefix) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String clean = prefix.equals("Key_") ? prefix : prefix + "~";
    for (int i = random.nextInt(4) == 0 ? random.nextInt(Protocol.MAX_HEADERS + 1) : 0;
        i > 0;
        i--) {
      pairs.put(clean + i, text(20));
    }
    return pairs;
  }

  private @Nullable TraceContext trace() {
    return random.nextBoolean() ? null : TraceContext.start();
  }

  private byte[] payload(int size) {
    byte[] payload = new byte[size];
    random.nextBytes(payload);
    return payload;
  }

  private Status status(int least) {
    return Status.values()[least + random.nextInt(Status.values().length - least)];
  }

  private long u32(long least) {
    long value = random.nextInt(5) == 0 ? 0xFFFF_FFFFL : random.nextInt() & 0xFFFF_FFFFL;
    return Math.max(least, value);
  }

  private String text(int characters) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(characters + 1); i > 0; i--) {
      text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }
}
