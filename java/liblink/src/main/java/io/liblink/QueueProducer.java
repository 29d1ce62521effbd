package io.liblink;

import io.liblink.message.Message;
import io.liblink.pipeline.ItemProducer;
import io.liblink.pipeline.PushedItem;
import io.liblink.status.LinkException;
import io.liblink.status.Ran;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.wire.Content;
import io.liblink.wire.Contents;
import io.liblink.wire.TraceContext;
import io.liblink.work.CurrentWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A producer as users hold it: writes values, and adds the headers of its handle. */
final class QueueProducer implements Producer {
  private final NodeCore core;
  private final ItemProducer producer;
  private final Map<String, String> headers;

  QueueProducer(NodeCore core, ItemProducer producer, Map<String, String> headers) {
    this.core = core;
    this.producer = producer;
    this.headers = headers;
  }

  @Override
  public Receipt push(Object value) {
    core.requireMayBlock();
    return new PushReceipt(core, producer, producer.push(content(value), trace()));
  }

  @Override
  public List<Receipt> pushAll(Collection<?> values) {
    core.requireMayBlock();
    List<Content> contents = new ArrayList<>(values.size());
    for (Object value : values) {
      contents.add(content(value));
    }
    if (contents.isEmpty()) {
      return List.of();
    }
    List<Receipt> receipts = new ArrayList<>(contents.size());
    for (PushedItem item : producer.push(contents, trace())) {
      receipts.add(new PushReceipt(core, producer, item));
    }
    return receipts;
  }

  @Override
  public CompletableFuture<Receipt> pushAsync(Object value) {
    return producer
        .pushAsync(content(value), trace())
        .thenApply(item -> new PushReceipt(core, producer, item));
  }

  private Content content(Object value) {
    Message message = core.codecs().encode(value);
    for (Map.Entry<String, String> e : headers.entrySet()) {
      message = message.withHeader(e.getKey(), e.getValue());
    }
    return PushedItem.checked(Contents.of(message));
  }

  private static TraceContext trace() {
    CurrentWork.Context current = CurrentWork.get();
    return current == null ? TraceContext.start() : current.trace().child();
  }

  @Override
  public void drain(Duration timeout) {
    core.requireMayBlock();
    try {
      if (!producer.drain(Timeouts.nanos(timeout))) {
        throw LinkException.failure(
                Status.DEADLINE_EXCEEDED,
                Stage.WAIT,
                "not drained within " + timeout.toMillis() + " ms: " + producer.left())
            .ran(Ran.MAYBE)
            .build();
      }
    } catch (InterruptedException e) {
      throw PushReceipt.interrupted(e);
    }
  }

  @Override
  public int waiting() {
    return producer.waiting();
  }

  @Override
  public int inFlight() {
    return producer.inFlight();
  }

  @Override
  public long recovered() {
    return producer.recovered();
  }

  @Override
  public List<WorkerState> workers() {
    return producer.workers().stream()
        .map(w -> new WorkerState(
            w.id(),
            w.node(),
            w.address(),
            w.inFlight(),
            w.credit(),
            w.acknowledged(),
            w.rejected()))
        .toList();
  }

  @Override
  public void close() {
    core.requireMayBlock();
    producer.close(core.nanos() + Timeouts.nanos(core.options().timeouts.drain()));
  }
}
