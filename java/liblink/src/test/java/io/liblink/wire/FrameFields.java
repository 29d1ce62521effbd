package io.liblink.wire;

import io.liblink.testing.Vector;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a frame that was read, in the words of {@code spec/vectors/frames.json}. */
final class FrameFields {
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<String> flags = new ArrayList<>();

  private FrameFields() {}

  static Map<String, Object> of(AnyFrame any) {
    FrameFields f = new FrameFields();
    f.fields.put("type", Protocol.nameOf(any.type()));
    f.fields.put("flags", f.flags);
    f.fields.put("stream", any.stream());
    f.add(any.frame());
    if (any.type() == Protocol.CREDIT && any.stream() == 0) {
      f.flags.add("BYTES");
    }
    return f.fields;
  }

  private void add(@Nullable Object frame) {
    if (frame instanceof HelloFrame f) {
      hello(f);
    } else if (frame instanceof PingFrame f) {
      fields.put("opaque", HexFormat.of().toHexDigits(f.opaque()));
    } else if (frame instanceof GoAwayFrame f) {
      fields.put("last_stream", f.lastStream());
      fields.put("status", f.status().name());
      fields.put("reason", f.reason());
    } else if (frame instanceof OpenFrame f) {
      open(f);
    } else if (frame instanceof MessageFrame f) {
      fields.put("sequence", Long.toUnsignedString(f.sequence()));
      trace(f.trace());
      content(f.content());
    } else if (frame instanceof byte[] f) {
      fields.put("payload", Vector.hex(f));
    } else if (frame instanceof CreditFrame f) {
      fields.put("amount", f.amount());
    } else if (frame instanceof AckFrame f) {
      fields.put("sequence", Long.toUnsignedString(f.sequence()));
      fields.put("status", f.status().name());
      fields.put("reason", f.reason());
    } else if (frame instanceof CloseFrame f) {
      close(f);
    } else if (frame instanceof CancelFrame f) {
      fields.put("status", f.status().name());
    }
  }

  private void hello(HelloFrame f) {
    fields.put("version", f.version());
    fields.put("cluster", f.cluster());
    fields.put("node", f.node());
    fields.put("instance", f.instance().toString());
    fields.put("max_frame", f.maxFrame());
    fields.put("max_message", f.maxMessage());
    fields.put("max_streams", f.maxStreams());
    fields.put("keepalive_ms", f.keepaliveMillis());
    fields.put("window", f.window());
    fields.put("features", Integer.toUnsignedLong(f.features()));
    fields.put("agent", f.agent());
    fields.put("metadata", pairs(f.metadata()));
  }

  private void open(OpenFrame f) {
    fields.put("kind", new String[] {"", "call", "subscribe", "push"}[f.kind()]);
    fields.put("attempt", f.attempt());
    fields.put("remaining_ms", f.remainingMillis());
    trace(f.trace());
    if (f.credit() >= 0) {
      flags.add("STREAM");
      fields.put("credit", f.credit());
    }
    fields.put("target", f.target().toString());
    content(f.content());
  }

  private void close(CloseFrame f) {
    fields.put("status", f.status().name());
    if (f.status().code() != 0) {
      fields.put("stage", f.stage().name());
      fields.put("ran", f.ran().name());
    }
    content(f.content());
  }

  private void trace(@Nullable TraceContext trace) {
    if (trace != null) {
      flags.add("TRACE");
      String[] parts = trace.traceparent().split("-", -1);
      fields.put(
          "trace", Map.of("trace_id", parts[1], "span_id", parts[2], "flags", trace.flags()));
    }
  }

  private void content(Content content) {
    fields.put("headers", pairs(content.headers()));
    fields.put("content_type", content.contentType().toString());
    if (content.fragmented()) {
      flags.add("MORE");
      fields.put("total", content.total());
    } else {
      fields.put("payload", Vector.hex(content.payload()));
    }
  }

  private static List<List<String>> pairs(Map<String, String> map) {
    List<List<String>> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(List.of(key, value)));
    return pairs;
  }
}
