package io.liblink.bench.reference;

import io.liblink.bench.peers.Peer.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for their answer, by stream: a ring that doubles when the place of a new stream is
 * still taken. For one event loop.
 */
final class PendingCalls {
  private @Nullable Reply[] ring = new Reply[16];
  private int[] streams = new int[16];
  private int next = 1;

  /** Gives the call the next odd stream. */
  int add(Reply reply) {
    int stream = next;
    next += 2;
    while (ring[place(stream, ring.length)] != null) {
      grow();
    }
    int place = place(stream, ring.length);
    ring[place] = reply;
    streams[place] = stream;
    return stream;
  }

  /** Takes the call of that stream out, null when there is none. */
  @Nullable
  Reply remove(int stream) {
    int place = place(stream, ring.length);
    Reply reply = ring[place];
    if (reply == null || streams[place] != stream) {
      return null;
    }
    ring[place] = null;
    return reply;
  }

  void failAll(Throwable cause) {
    for (int i = 0; i < ring.length; i++) {
      Reply reply = ring[i];
      if (reply != null) {
        ring[i] = null;
        reply.failed(cause);
      }
    }
  }

  private void grow() {
    int size = ring.length * 2;
    @Nullable Reply[] wider = new Reply[size];
    int[] widerStreams = new int[size];
    for (int i = 0; i < ring.length; i++) {
      if (ring[i] != null) {
        int place = place(streams[i], size);
        wider[place] = ring[i];
        widerStreams[place] = streams[i];
      }
    }
    ring = wider;
    streams = widerStreams;
  }

  private static int place(int stream, int size) {
    return (stream >>> 1) & (size - 1);
  }
}
