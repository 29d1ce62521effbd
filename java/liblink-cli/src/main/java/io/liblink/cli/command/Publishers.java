package io.liblink.cli.command;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells on standard error what becomes of a subscription's publishers, and what is missing.
 * Thread-safe.
 */
final class Publishers {
  private final Console console;
  private final Map<String, PublisherState.Phase> told = new ConcurrentHashMap<>();
  private volatile boolean started;

  Publishers(Console console) {
    this.console = console;
  }

  /** The subscription is there; who refuses before fails it, which says so by itself. */
  void started() {
    started = true;
  }

  /** A problem: it is said also to who wants no narration. */
  void gap(Gap gap) {
    console.problem(console.paint().yellow("gap") + ": " + words(gap));
  }

  static String words(Gap gap) {
    String which = gap.count() == 1
        ? "number " + Figures.grouped(gap.last())
        : "up to number " + Figures.grouped(gap.last());
    return Figures.count(gap.count(), "message")
        + " of "
        + gap.topic()
        + " from "
        + gap.node()
        + "@"
        + gap.publisher().shortText()
        + " will not come, "
        + which
        + ": "
        + switch (gap.reason()) {
          case TAIL -> "not kept any more when it was their turn";
          case QUEUE -> "more waited than the queue takes";
          case SIZE -> "larger than this side takes";
        };
  }

  /** Tells of each change once, however often a publisher is tried again. */
  void changed(PublisherState state) {
    PublisherState.Phase before = told.put(state.topic() + " " + state.id(), state.phase());
    if (before == state.phase() || (!started && state.phase() == PublisherState.Phase.REFUSED)) {
      return;
    }
    String text = words(state);
    if (state.phase() == PublisherState.Phase.REFUSED) {
      console.problem(console.paint().red(text));
    } else {
      console.say(console.paint().dim(text));
    }
  }

  static String words(PublisherState state) {
    String who = state.topic() + " at " + state.node() + "@" + state.id().shortText();
    String why = state.problem().isEmpty() ? "" : ": " + state.problem();
    return switch (state.phase()) {
      case CONNECTING -> "trying " + who + why;
      case ACTIVE ->
        state.received() + state.missed() > 0
            ? "back at " + who + ", behind number " + Figures.grouped(state.last())
            : "joined " + who + ", from number " + Figures.grouped(state.start()) + " on";
      case LOST -> "lost " + who + why;
      case GONE -> "gone: " + who + ", after " + Figures.count(state.received(), "message") + why;
      case REFUSED -> "refused by " + who + why;
    };
  }
}
