package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.registry.View;
import java.util.List;

/** What became of looking up one service. */
sealed interface Answer {
  /**
   * Where a record leads.
   *
   * @param name the target and port, as the record has them
   * @param addresses of the target, each of which may be another node
   * @param priority lower goes first
   * @param weight the share within a priority
   */
  record Place(String name, List<Address> addresses, int priority, int weight) {
    /** Copies the addresses. */
    public Place {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * There are records.
   *
   * @param places where those lead that lead anywhere
   * @param skipped the others, and why
   */
  record Found(List<Place> places, List<View.Skipped> skipped) implements Answer {
    /** Copies the lists. */
    public Found {
      places = List.copyOf(places);
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * There are none. That is an answer too, though not one to be believed at once after better ones.
   *
   * @param name what was looked up
   * @param reason in words
   * @param decided whether the domain says outright that it has no such service
   */
  record Absent(String name, String reason, boolean decided) implements Answer {}

  /**
   * There was no answer.
   *
   * @param problem in words, the same for the same failure
   */
  record Failed(String problem) implements Answer {}
}
