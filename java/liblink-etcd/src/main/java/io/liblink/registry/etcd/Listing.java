package io.liblink.registry.etcd;

import io.liblink.message.Address;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Somebody wants the names of all services: the names of all keys are read, a page at a time. */
final class Listing {
  private final Shared shared;
  private final CompletableFuture<Set<String>> answer;
  private final Set<String> names = new TreeSet<>();

  /** 0 before the first page. */
  private long revision;

  Listing(Shared shared, CompletableFuture<Set<String>> answer) {
    this.shared = shared;
    this.answer = answer;
  }

  /** Begins. Goes on on the registry's thread. */
  void start() {
    read(shared.keys().root());
  }

  boolean isOver() {
    return answer.isDone();
  }

  void fail(LinkException why) {
    answer.completeExceptionally(why);
  }

  private void read(String from) {
    Address member = shared.members().now();
    shared
        .gateway()
        .ask(
            member,
            "kv/range",
            Requests.names(shared.keys().root(), from, revision, Rules.PAGE),
            Rules.PATIENCE_FOR_PAGES)
        .whenComplete((page, failure) -> shared.loop().execute(() -> {
          if (page == null || failure != null) {
            failed(member, Replies.failure(member, failure));
            return;
          }
          try {
            heard(from, page);
          } catch (EtcdException e) {
            failed(member, e);
          }
        }));
  }

  private void heard(String from, JsonNode page) throws EtcdException {
    for (JsonNode kv : page.path("kvs")) {
      String key = Json.key(kv);
      String service = shared.keys().serviceOf(key);
      if (service != null
          && shared.keys().idOf(service, key) != null
          && names.size() < Rules.MOST_NAMES) {
        names.add(service);
      }
    }
    if (revision == 0) {
      revision = Json.number(page.path("header"), "revision");
    }
    String next = Requests.next(page, from);
    if (next == null) {
      answer.complete(names);
    } else if (!isOver()) {
      read(next);
    }
  }

  private void failed(Address member, EtcdException why) {
    if (why.kind() == EtcdException.Kind.MEMBER) {
      shared.members().failed(member);
    }
    fail(LinkException.failure(Status.UNAVAILABLE, Stage.DISCOVER, why.words()).build());
  }
}
