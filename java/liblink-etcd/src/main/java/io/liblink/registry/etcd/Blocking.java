package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.registry.etcd.EtcdException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;

/** Asks etcd and waits for the answer: for a thread that has nothing else to do. */
final class Blocking {
  private final Gateway gateway;
  private final Members members;

  Blocking(Gateway gateway, Members members) {
    this.gateway = gateway;
    this.members = members;
  }

  /**
   * Asks the member of now. When it fails, the next question goes to another.
   *
   * @throws EtcdException when there was no answer, or another than wanted
   */
  JsonNode ask(String path, Map<String, ?> body, Duration patience) throws EtcdException {
    Address member = members.now();
    Throwable failure;
    try {
      return gateway.ask(member, path, body, patience).get();
    } catch (ExecutionException e) {
      failure = e.getCause();
    } catch (InterruptedException e) {
      failure = e; // a stray one: the thread ends when its registry is closed
    }
    EtcdException why = Replies.failure(member, failure);
    if (why.kind() == Kind.MEMBER) {
      members.failed(member);
    }
    throw why;
  }
}
