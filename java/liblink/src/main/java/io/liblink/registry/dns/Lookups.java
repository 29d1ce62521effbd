package io.liblink.registry.dns;

import io.liblink.message.Address;
import io.liblink.registry.View;
import io.liblink.registry.dns.Answer.Absent;
import io.liblink.registry.dns.Answer.Failed;
import io.liblink.registry.dns.Answer.Found;
import io.liblink.registry.dns.Answer.Place;
import io.liblink.registry.dns.Resolver.Srv;
import io.liblink.time.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Looks up services on a thread of its own, since DNS makes it wait; one after the other. The
 * addresses of targets are kept for {@link #HOST_NANOS}, unless something was wrong with them.
 */
final class Lookups {
  /** How long the address of a target is taken for granted. */
  static final long HOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Records of one service that are used at most. */
  static final int MOST_PLACES = 1000;

  private static final int MOST_HOSTS = 10_000;
  private static final long IDLE_SECONDS = 60;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final DnsUri uri;
  private final Resolver resolver;
  private final TimeSource clock;
  private final ThreadPoolExecutor thread;

  // Touched by that thread only.
  private final Map<String, Host> hosts = new HashMap<>();

  /** DNS failed in this lookup: what is known will do, or each target would wait for it again. */
  private boolean failing;

  private record Host(List<String> addresses, long atNanos) {}

  Lookups(DnsUri uri, Resolver resolver, TimeSource clock) {
    this.uri = uri;
    this.resolver = resolver;
    this.clock = clock;
    this.thread = new ThreadPoolExecutor(
        1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
          Thread made = new Thread(task, "liblink-registry-dns-lookup");
          made.setDaemon(true);
          // The JDK's client is looked for with it; whoever opened the registry may have set a
          // strange one.
          made.setContextClassLoader(Lookups.class.getClassLoader());
          return made;
        });
    thread.allowCoreThreadTimeOut(true); // so that nothing has to be shut down
  }

  /**
   * Looks up a service.
   *
   * @param fresh whether addresses are to be looked up though they are known
   * @param then is told the answer, on that thread
   */
  void look(String service, boolean fresh, Consumer<Answer> then) {
    thread.execute(() -> {
      Answer answer;
      failing = false;
      try {
        answer = uri.isSrv() ? records(service, fresh) : addresses(service);
      } catch (DnsException e) {
        answer = new Failed(e.words());
      } catch (RuntimeException e) {
        answer = new Failed("looking up '" + service + "' failed: " + e);
      }
      then.accept(answer);
    });
  }

  private Answer records(String service, boolean fresh) throws DnsException {
    String name = uri.nameOf(service);
    List<Srv> records = resolver.srv(name);
    if (records == null || records.isEmpty()) {
      return new Absent(
          name, records == null ? "there is no such name" : "it has no SRV records", false);
    }
    if (records.stream().allMatch(Srv::isNowhere)) {
      return new Absent(name, "it says that there is no such service (its target is .)", true);
    }
    List<Place> places = new ArrayList<>();
    List<View.Skipped> skipped = new ArrayList<>();
    for (Srv srv : records) {
      String target = srv.target() + ":" + srv.port();
      if (srv.isNowhere() || srv.port() == 0) {
        skipped.add(new View.Skipped(target, "an SRV record that leads nowhere"));
      } else if (places.size() >= MOST_PLACES) {
        skipped.add(new View.Skipped(target, "there are more than " + MOST_PLACES + " records"));
      } else {
        place(srv, target, fresh, places, skipped);
      }
    }
    forget();
    return new Found(places, skipped);
  }

  private void place(
      Srv srv, String target, boolean fresh, List<Place> places, List<View.Skipped> skipped)
      throws DnsException {
    Set<Address> addresses = new LinkedHashSet<>();
    for (String host : host(srv.target(), fresh)) {
      addresses.add(new Address(host, srv.port()));
    }
    if (addresses.isEmpty()) {
      skipped.add(new View.Skipped(target, "an SRV record whose target has no address"));
    } else {
      places.add(new Place(target, List.copyOf(addresses), srv.priority(), srv.weight()));
    }
  }

  private List<String> host(String target, boolean fresh) throws DnsException {
    if (IPV4.matcher(target).matches()) {
      return List.of(target); // not by the book, and seen in the wild
    }
    Host known = hosts.get(target);
    if (known != null && (failing || (!fresh && clock.nanos() - known.atNanos < HOST_NANOS))) {
      return known.addresses;
    }
    List<String> found;
    try {
      found = resolver.addresses(target);
    } catch (DnsException e) {
      if (known == null) {
        throw e;
      }
      failing = true;
      return known.addresses; // better than none; the next time it is asked again
    }
    List<String> addresses = found == null ? List.of() : List.copyOf(found);
    hosts.put(target, new Host(addresses, clock.nanos()));
    return addresses;
  }

  /** Targets that were not asked for since long. */
  private void forget() {
    if (hosts.size() > MOST_HOSTS) {
      hosts.clear();
    }
    long now = clock.nanos();
    hosts.values().removeIf(h -> now - h.atNanos > 100 * HOST_NANOS);
  }

  private Answer addresses(String service) throws DnsException {
    String name = uri.nameOf(service);
    List<String> found = resolver.addresses(name);
    if (found == null || found.isEmpty()) {
      return new Absent(
          name, found == null ? "there is no such name" : "it has no addresses", false);
    }
    List<Place> places = new ArrayList<>();
    for (String host : found) {
      if (places.size() < MOST_PLACES) {
        Address address = new Address(host, uri.port());
        places.add(new Place(address.toString(), List.of(address), 0, 0));
      }
    }
    return new Found(places, List.of());
  }
}
