package io.liblink.cli.command;

import io.liblink.Receipt;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.cli.output.Json;
import io.liblink.delivery.DeadLetter;
import io.liblink.delivery.ItemId;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Prints what became of items that were pushed, a line each, and counts them. Thread-safe. */
final class Receipts {
  private final Console console;
  private final boolean json;
  private final Json mapper = new Json();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final AtomicLong dead = new AtomicLong();
  private final AtomicReference<@Nullable LinkException> firstDeath = new AtomicReference<>();

  Receipts(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** On disk: all that is asked for when nobody waits for the rest. */
  void accepted(Receipt receipt) {
    if (json) {
      console.line(mapper.line(object(receipt.id(), "accepted")));
    } else {
      console.line(receipt.id() + " accepted");
    }
  }

  /** A worker is done with it. */
  void acknowledged(Receipt receipt, long nanos) {
    acknowledged.incrementAndGet();
    int attempts = receipt.attempts();
    if (attempts > 1) {
      repeated.incrementAndGet();
    }
    if (json) {
      Map<String, Object> object = object(receipt.id(), "acknowledged");
      object.put("attempts", attempts);
      object.put("elapsedMicros", nanos / 1000);
      console.line(mapper.line(object));
    } else {
      console.line(receipt.id()
          + " acknowledged in "
          + Figures.time(nanos)
          + (attempts > 1 ? ", at attempt " + attempts : ""));
    }
  }

  /** It was given up. */
  void dead(DeadLetter letter) {
    dead.incrementAndGet();
    LinkException last = last(letter);
    firstDeath.compareAndSet(null, last);
    if (json) {
      Map<String, Object> object = object(letter.id(), "dead-letter");
      object.put("attempts", letter.attempts());
      object.put("status", last.status().name());
      object.put("code", last.status().code());
      object.put("problem", last.problem());
      List<Map<String, Object>> causes = new ArrayList<>();
      letter.causes().forEach(c -> causes.add(Failures.map(c)));
      object.put("causes", causes);
      object.putAll(ReplyText.content(letter.message()));
      console.line(mapper.line(object));
      return;
    }
    console.line(letter.id()
        + " "
        + console.dataPaint().red("dead letter")
        + " after "
        + Figures.count(letter.attempts(), "attempt")
        + ": "
        + last.status()
        + ": "
        + last.problem());
    causes(letter)
        .forEach((cause, times) -> console.problem(console
            .paint()
            .dim("  " + letter.id() + "  " + cause + (times == 1 ? "" : ", " + times + " times"))));
  }

  private static LinkException last(DeadLetter letter) {
    return letter.causes().isEmpty()
        ? new LinkException(Status.UNKNOWN, "no cause was told")
        : letter.causes().get(letter.causes().size() - 1);
  }

  private static Map<String, Integer> causes(DeadLetter letter) {
    Map<String, Integer> causes = new LinkedHashMap<>();
    for (LinkException cause : letter.causes()) {
      String at = cause.instance() == null ? "" : cause.instance() + ": ";
      causes.merge(at + cause.status() + ": " + cause.problem(), 1, Integer::sum);
    }
    return causes;
  }

  private static Map<String, Object> object(ItemId id, String outcome) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", id.producer() + "/" + id.number());
    object.put("outcome", outcome);
    return object;
  }

  /** Items that a worker is done with or that were given up. */
  long settled() {
    return acknowledged.get() + dead.get();
  }

  /** How many of them were sent more than once. */
  long repeated() {
    return repeated.get();
  }

  /** Items that were given up. */
  long dead() {
    return dead.get();
  }

  /** Why the first of them was, null when none was. */
  @Nullable
  LinkException firstDeath() {
    return firstDeath.get();
  }
}
