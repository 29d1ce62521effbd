package io.liblink.transport;

import io.liblink.identity.Identity;
import io.liblink.session.SessionQueue;
import io.liblink.session.SessionTask;
import io.liblink.wire.HelloFrame;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated link to a peer. Thread-safe; what must happen on its event loop is handed to it as
 * a {@link SessionTask}.
 */
public final class Link {
  private final LinkHandler handler;
  private final Channel channel;
  private final EventLoop loop;
  private final SessionQueue queue;
  private final Identity identity;
  private final HelloFrame peer;
  private final boolean dialed;
  private final String remote;
  private final String local;
  private final SendRoom room = new SendRoom();
  private final long madeNanos;
  private volatile boolean open = true;

  /** Belongs to the event loop: what the floor above keeps with the link. */
  private @Nullable Object attachment;

  Link(LinkHandler handler, Channel channel, Identity identity, HelloFrame peer, boolean dialed) {
    this.handler = handler;
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.queue = handler.queue();
    this.identity = identity;
    this.peer = peer;
    this.dialed = dialed;
    this.remote = Addresses.text(channel.remoteAddress());
    this.local = Addresses.text(channel.localAddress());
    this.madeNanos = handler.nanos();
  }

  /** When it became a link, by the node's clock. */
  public long madeNanos() {
    return madeNanos;
  }

  /** Has the task run on the event loop, or abandoned if the link ends first. */
  public void submit(SessionTask task) {
    if (handler.runNow(task)) {
      return;
    }
    switch (queue.add(task)) {
      case FIRST -> handler.wake();
      case MORE -> {}
      case CLOSED -> handler.abandon(task);
    }
  }

  /** The same for all that is left of a batch, in its order: one hand-over for many. */
  public void submitAll(SessionQueue.Batch batch) {
    switch (queue.addAll(batch)) {
      case FIRST -> handler.wake();
      case MORE -> {}
      case CLOSED -> {
        for (SessionTask t = batch.poll(); t != null; t = batch.poll()) {
          handler.abandon(t);
        }
      }
    }
  }

  /**
   * Wakes a thread: at once, or on the event loop while it reads, after that and with all the others,
   * so that the woken don't take the core from who has more to wake.
   */
  public void unparkAfterRead(Thread thread) {
    handler.unparkAfterRead(thread);
  }

  /**
   * Runs something when all that can be read for now was read, before what was written meanwhile is
   * flushed; now, when the link does not read. On the event loop only.
   */
  public void afterRead(Runnable task) {
    handler.afterRead(task);
  }

  /** Whether the peer takes more, or should be left what waits already. On the event loop only. */
  public boolean isWritable() {
    return handler.isWritable();
  }

  /** The event loop: links with the same one are never served at the same time. */
  public Executor loop() {
    return loop;
  }

  /** Runs something on the event loop. */
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /** Whether the calling thread is this link's event loop: it must not wait for the link. */
  public boolean onLoop() {
    return loop.inEventLoop();
  }

  /** Runs something on the event loop later. */
  public void schedule(Runnable task, long delayNanos) {
    loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** What was attached; null before. On the event loop only. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something with the link. On the event loop only. */
  public void attach(Object attachment) {
    this.attachment = attachment;
  }

  /** Whether new streams may be opened. */
  public boolean isOpen() {
    return open;
  }

  void notOpen() {
    open = false;
  }

  /** Where payloads that wait to be sent are counted. */
  public SendRoom room() {
    return room;
  }

  /** No new streams, on either side; closes when the last one ends. */
  public void drain(String reason) {
    loop.execute(() -> handler.drain(reason));
  }

  /** Ends the link now; its streams are lost. */
  public void close(String reason) {
    loop.execute(() -> handler.close(reason));
  }

  /** Who the peer proved to be. */
  public Identity identity() {
    return identity;
  }

  /** What the peer said of itself. */
  public HelloFrame peer() {
    return peer;
  }

  /** Whether this side dialed. */
  public boolean dialed() {
    return dialed;
  }

  /** {@code host:port} of the other end of the connection. */
  public String remote() {
    return remote;
  }

  /** {@code host:port} of this end. */
  public String local() {
    return local;
  }

  /**
   * What it is encrypted with and what it has carried. Never waits: comes from the event loop, or fails
   * when the node is closed.
   */
  public CompletableFuture<LinkFacts> facts() {
    return CompletableFuture.supplyAsync(() -> LinkFacts.of(channel, handler.session()), loop);
  }

  /** Smallest round trip measured, in nanoseconds; 0 before the first. */
  public long roundTripNanos() {
    return handler.roundTripNanos();
  }

  @Override
  public String toString() {
    return peer.node() + "@" + peer.instance().shortText() + " at " + remote;
  }
}
