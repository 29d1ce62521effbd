package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinesTest {
  private final List<String> heard = new ArrayList<>();
  private final List<Runnable> more = new ArrayList<>();
  private final List<Object> ends = new ArrayList<>();
  private long requested;
  private boolean cancelled;

  private final Subscription subscription = new Subscription() {
    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  };

  private Lines lines(int longest) {
    Lines lines = new Lines(
        new Lines.Sink() {
          @Override
          public void lines(List<byte[]> some, Runnable go) {
            some.forEach(l -> heard.add(new String(l, StandardCharsets.UTF_8)));
            more.add(go);
          }

          @Override
          public void ended(@Nullable Throwable failure) {
            ends.add(failure == null ? "end" : failure);
          }
        },
        longest);
    lines.onSubscribe(subscription);
    return lines;
  }

  private static List<ByteBuffer> bytes(String... parts) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (String part : parts) {
      buffers.add(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
    }
    return buffers;
  }

  @Test
  void linesAreCutWhereverTheBytesWere() {
    Gen.check(200, gen -> {
      heard.clear();
      Lines lines = lines(1000);
      List<String> all = new ArrayList<>();
      for (int i = gen.between(1, 10); i > 0; i--) {
        all.add("x".repeat(gen.between(0, 50)));
      }
      String text = String.join("\n", all) + "\n";
      for (int at = 0; at < text.length(); ) {
        int end = Math.min(text.length(), at + gen.between(1, 30));
        lines.onNext(bytes(text.substring(at, end)));
        at = end;
      }
      assertThat(heard).isEqualTo(all);
    });
  }

  @Test
  void moreIsReadOnlyWhenTheLinesWereDealtWith() {
    Lines lines = lines(1000);
    assertThat(requested).isEqualTo(1);
    lines.onNext(bytes("half"));
    assertThat(requested).as("no line yet").isEqualTo(2);
    lines.onNext(bytes(" a line\nand", " another\nrest"));
    assertThat(heard).containsExactly("half a line", "and another");
    assertThat(requested).isEqualTo(2);
    more.forEach(Runnable::run);
    assertThat(requested).isEqualTo(3);
  }

  @Test
  void aLineWithoutEndIsRefused() {
    Lines lines = lines(10);
    lines.onNext(bytes("0123456789"));
    assertThat(ends).isEmpty();
    lines.onNext(bytes("!"));
    assertThat(cancelled).isTrue();
    assertThat(ends).singleElement().isInstanceOf(TooLargeException.class);
    lines.onError(new IOException("late"));
    lines.onComplete();
    lines.onNext(bytes("x\n"));
    assertThat(ends).as("the end comes once").hasSize(1);
    assertThat(heard).isEmpty();
  }

  @Test
  void whatWasCancelledBeforeItBeganIsNotRead() {
    Lines lines = new Lines(
        new Lines.Sink() {
          @Override
          public void lines(List<byte[]> some, Runnable go) {}

          @Override
          public void ended(@Nullable Throwable failure) {}
        },
        10);
    lines.cancel();
    lines.onSubscribe(subscription);
    assertThat(cancelled).isTrue();
    assertThat(requested).isZero();
  }
}
