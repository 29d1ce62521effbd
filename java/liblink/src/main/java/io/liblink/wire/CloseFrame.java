package io.liblink.wire;

import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Ends a stream: {@code status u8 | [stage u8 | ran u8, unless OK] | content}. For a call it is the
 * reply; for a failure the content is its text.
 *
 * @param status how it ended
 * @param stage where it failed; {@link Stage#HANDLE} when it did not
 * @param ran whether the handler may have run; {@link Ran#YES} when it did not fail
 * @param content the reply
 */
public record CloseFrame(Status status, Stage stage, Ran ran, Content content) {
  /** A reply. */
  public static CloseFrame ok(Content content) {
    return new CloseFrame(Status.OK, Stage.HANDLE, Ran.YES, content);
  }

  /** A failure, said in words; a long text is cut. */
  public static CloseFrame failure(Status status, Stage stage, Ran ran, String problem) {
    byte[] text = Text.cut(problem, Protocol.MAX_REASON).utf8();
    return new CloseFrame(status, stage, ran, new Content(Map.of(), FAILURE_TYPE, text));
  }

  private static final Text FAILURE_TYPE = Text.of("text/plain");

  /** Writes the frame; of a fragmented payload only the length. */
  public void encode(int stream, FrameOutput output) {
    boolean ok = status == Status.OK;
    int head = (ok ? 1 : 3) + content.headSize();
    ByteBuffer out = output.reserve(Protocol.HEADER_SIZE + head);
    Fields.header(out, head + content.inFrame(), Protocol.CLOSE, content.flag(), stream);
    out.put((byte) status.code());
    if (!ok) {
      out.put((byte) stage.code()).put((byte) ran.code());
    }
    content.encodeHead(out);
    output.write(content.payload(), 0, content.inFrame());
  }

  /** Reads the body. */
  public static CloseFrame decode(ByteBuffer in, int flags, Texts texts) {
    Fields.need(in, 1, "CLOSE status");
    Status status = status(in.get(), "CLOSE");
    if (status == Status.OK) {
      return ok(Content.decode(in, flags, texts));
    }
    Fields.need(in, 2, "CLOSE stage");
    Stage stage = Stage.of(in.get() & 0xFF);
    Ran ran = Ran.of(in.get() & 0xFF);
    if (stage == null || ran == null) {
      throw new ProtocolException("§4.10", "CLOSE with an unknown stage or ran");
    }
    return new CloseFrame(status, stage, ran, Content.decode(in, flags, texts));
  }

  static Status status(byte code, String frame) {
    Status status = Status.of(code & 0xFF);
    if (status == null) {
      throw new ProtocolException("§3.4", frame + " with unknown status " + (code & 0xFF));
    }
    return status;
  }

  /** The same with its content whole. */
  public CloseFrame withContent(Content whole) {
    return new CloseFrame(status, stage, ran, whole);
  }
}
