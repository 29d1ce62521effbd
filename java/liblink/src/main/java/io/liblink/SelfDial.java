package io.liblink;

import io.liblink.cluster.Failures;
import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.transport.Link;
import io.liblink.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Dials the addresses that the user has this node advertise, as others would: a wrong one is said by the
 * node that has it, at its start, instead of by all others. Those that it found out by itself are its
 * own interfaces' and always lead here. What failed is tried again once a minute. Thread-safe.
 */
final class SelfDial {
  private static final System.Logger LOG = System.getLogger("io.liblink");
  private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  private final Transport transport;
  private final NodeId self;

  /** Why each of those that failed did; bounded by what is advertised. */
  private final Map<Address, String> problems = new ConcurrentHashMap<>();

  private volatile long nextAt;

  SelfDial(Transport transport, NodeId self) {
    this.transport = transport;
    this.self = self;
  }

  /** Begins; returns at once. */
  void start(List<Address> advertised, long now) {
    nextAt = now + AGAIN_NANOS;
    advertised.forEach(this::dial);
  }

  /** To be called now and then. */
  void again(long now) {
    if (!problems.isEmpty() && now - nextAt >= 0) {
      nextAt = now + AGAIN_NANOS;
      problems.keySet().forEach(this::dial);
    }
  }

  /** In words, one for each address that does not lead here. */
  List<String> problems() {
    return List.copyOf(problems.values());
  }

  private void dial(Address address) {
    transport.dial(address).whenComplete((link, failure) -> told(address, link, failure));
  }

  private void told(Address address, @Nullable Link link, @Nullable Throwable failure) {
    String why = "";
    if (link != null) {
      if (!link.peer().instance().equals(self)) {
        why = "another node answers there: " + link;
      }
      link.drain("this node only looked whether its address leads to it");
    } else if (failure != null) {
      why = Failures.unwrap(failure).problem();
    }
    if (why.isEmpty()) {
      if (problems.remove(address) != null) {
        LOG.log(System.Logger.Level.INFO, "the advertised address " + address + " leads here now");
      }
      return;
    }
    String problem = "others are told to dial " + address
        + ", but this node does not reach itself there: " + why
        + ". Advertise an address that leads here (NodeOptions.advertise, --advertise). Behind a"
        + " forwarder that only works from outside it may be right all the same";
    if (problems.put(address, problem) == null) {
      LOG.log(System.Logger.Level.WARNING, problem);
    }
  }
}
