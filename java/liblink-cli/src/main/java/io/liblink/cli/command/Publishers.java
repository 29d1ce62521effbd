package io.liblink.cli.command;

import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;

/** Tells on standard error what becomes of a subscription's publishers, and what is missing. */
final class Publishers {
  private final Console console;

  Publishers(Console console) {
    this.console = console;
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

  void changed(PublisherState state) {
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
      case LOST -> "lost " + who + why + "; trying again";
      case GONE -> "gone: " + who + ", after " + Figures.count(state.received(), "message") + why;
      case REFUSED -> "refused by " + who + why;
    };
  }
}
