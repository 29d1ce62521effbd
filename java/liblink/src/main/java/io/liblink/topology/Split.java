package io.liblink.topology;

/**
 * A share of the requests for some of the instances, such as a canary.
 *
 * @param percent of the requests, 0 to 100
 * @param selector over instance metadata: {@code version == "2"}
 */
public record Split(double percent, String selector) {
  /** Checks the share. */
  public Split {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("a share is 0 to 100 percent, not " + percent);
    }
  }
}
