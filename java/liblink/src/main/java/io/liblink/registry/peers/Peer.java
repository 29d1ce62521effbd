package io.liblink.registry.peers;

import io.liblink.message.Address;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.List;

/** One address, what was last heard there, and when to ask again. Used by the registry's thread only. */
public final class Peer {
  /** After a failure it is asked again this soon, then twice that, up to the interval. */
  static final long RETRY_NANOS = 250_000_000;

  private final Address address;
  private List<Instance> instances = List.of();
  private String problem = "";
  private boolean heard;
  private boolean asking;
  private long asked;
  private long askedNanos;
  private long dueNanos;
  private long confirmedNanos;
  private int failures;

  Peer(Address address, long now) {
    this.address = address;
    this.dueNanos = now;
    this.confirmedNanos = now;
  }

  /** Where it is asked. */
  public Address address() {
    return address;
  }

  /** What it said last, whether or not it answers now. */
  public List<Instance> instances() {
    return instances;
  }

  /** Why it does not answer, with its address; empty while it does. */
  public String problem() {
    return problem;
  }

  /** Whether it was asked and answered, or failed to, at least once. */
  public boolean isHeard() {
    return heard;
  }

  /** When it answered last, or when it was made. */
  public long confirmedNanos() {
    return confirmedNanos;
  }

  /** Whether a question is under way. */
  boolean isAsking() {
    return asking;
  }

  long askedNanos() {
    return askedNanos;
  }

  long dueNanos() {
    return dueNanos;
  }

  /** It is to be asked now, unless a question is under way. */
  void hurry(long now) {
    if (!asking) {
      dueNanos = now;
    }
  }

  /** Somebody could not reach it: it is to be asked soon, however often that is said. */
  void suspect(long now) {
    long soonest = askedNanos + RETRY_NANOS - now > 0 ? askedNanos + RETRY_NANOS : now;
    if (!asking && soonest - dueNanos < 0) {
      dueNanos = soonest;
    }
  }

  /** A question goes out; its number tells its answer from a late one to an earlier question. */
  long ask(long now) {
    asking = true;
    askedNanos = now;
    return ++asked;
  }

  /** Whether that question is the one under way. */
  boolean expects(long question) {
    return asking && question == asked;
  }

  /** It answered: this replaces whatever was there before, even if another node was. */
  void answered(List<Instance> answer, long now, long intervalNanos) {
    List<Instance> list = new ArrayList<>(answer.size());
    for (Instance instance : answer) {
      list.add(addressFirst(instance));
    }
    instances = List.copyOf(list);
    problem = "";
    failures = 0;
    heard = true;
    asking = false;
    confirmedNanos = now;
    dueNanos = now + intervalNanos;
  }

  /** It did not answer: what it said before stands. */
  void failed(String why, long now, long intervalNanos) {
    problem = address + ": " + why;
    heard = true;
    asking = false;
    dueNanos = now + Math.min(intervalNanos, RETRY_NANOS << Math.min(failures, 10));
    failures++;
  }

  private Instance addressFirst(Instance i) {
    if (i.addresses().get(0).equals(address)) {
      return i;
    }
    List<Address> addresses = new ArrayList<>(i.addresses());
    addresses.remove(address);
    addresses.add(0, address);
    return i.withAddresses(addresses);
  }
}
