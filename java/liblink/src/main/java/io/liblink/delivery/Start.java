package io.liblink.delivery;

import java.time.Duration;

/** Where a subscription starts, at each publisher. */
public final class Start {
  private static final Start LATEST = new Start("latest");
  private static final Start EARLIEST = new Start("earliest");

  private final String text;

  private Start(String text) {
    this.text = text;
  }

  /** With what is published once the subscription is confirmed. */
  public static Start latest() {
    return LATEST;
  }

  /** With the oldest message that is still kept. */
  public static Start earliest() {
    return EARLIEST;
  }

  /**
   * With that message, where it has been published: what is not kept any more is told as a gap. Numbers
   * are those of one run of one publisher.
   *
   * @param number from 1
   */
  public static Start sequence(long number) {
    if (number < 1) {
      throw new IllegalArgumentException("messages are numbered from 1, not " + number);
    }
    return new Start(Long.toString(number));
  }

  /** With the oldest message that was published within that time; what is not kept is told as a gap. */
  public static Start within(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("an age must not be negative");
    }
    return new Start("age " + age.toMillis());
  }

  /**
   * With the oldest message that is still kept; of what was published within that time and is not kept
   * any more a gap is told first.
   */
  public static Start earliestAndWithin(Duration age) {
    return new Start(EARLIEST + " " + within(age));
  }

  /**
   * Reads what the protocol writes: {@code latest}, {@code earliest}, {@code 17}, {@code age 5000},
   * {@code earliest age 5000}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static Start of(String text) {
    if (text.equals("latest")) {
      return LATEST;
    }
    if (text.equals("earliest")) {
      return EARLIEST;
    }
    String rest = text.startsWith("earliest age ") ? text.substring(9) : text;
    boolean age = rest.startsWith("age ");
    String digits = age ? rest.substring(4) : rest;
    if (!digits.matches("0|[1-9][0-9]{0,17}") || (!age && digits.equals("0"))) {
      throw new IllegalArgumentException(
          "'" + text + "' is none of latest, earliest, a number from 1, 'age' and milliseconds,"
              + " 'earliest age' and milliseconds");
    }
    return new Start(text);
  }

  /** Whether it is a sequence. */
  public boolean isSequence() {
    return Character.isDigit(text.charAt(0));
  }

  /** Whether all that is kept is wanted. */
  public boolean isEarliest() {
    return text.startsWith("earliest");
  }

  /** Whether it says an age. */
  public boolean isAge() {
    return text.contains("age ");
  }

  /** The sequence, or the age in milliseconds. */
  public long number() {
    return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Start s && s.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it is written on the wire. */
  @Override
  public String toString() {
    return text;
  }
}
