package io.liblink.registry.dns;

import io.liblink.message.Address;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.stream.Collectors;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's own DNS client: over UDP, and over TCP when an answer is truncated. It does not show how
 * long records live, so names are looked up at an interval. Used by one thread at a time.
 *
 * <p>A server may take 1 s, then 2 s; what is asked of servers that are all silent fails after that
 * time for each of them.
 */
final class JndiResolver implements Resolver {
  private static final int TIMEOUT_MILLIS = 1000;
  private static final int TRIES = 2;
  private static final int MOST_RECORDS = 1000;

  private final List<Address> servers;

  /** Asks these; those of the machine when there are none. */
  JndiResolver(List<Address> servers) {
    this.servers = List.copyOf(servers);
  }

  @Override
  public @Nullable List<Srv> srv(String name) throws DnsException {
    List<String> texts = query(name, "SRV");
    if (texts == null) {
      return null;
    }
    List<Srv> records = new ArrayList<>();
    for (String text : texts) {
      records.add(record(name, text));
    }
    return records;
  }

  /** As the JDK writes it: {@code priority weight port target}. */
  static Srv record(String name, String text) throws DnsException {
    String[] parts = text.trim().split(" +", -1);
    try {
      if (parts.length == 4) {
        String target = parts[3];
        return new Srv(
            unsigned(parts[0]),
            unsigned(parts[1]),
            unsigned(parts[2]),
            target.endsWith(".") ? target.substring(0, target.length() - 1) : target);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new DnsException("DNS answered something else than an SRV record for " + name);
  }

  private static int unsigned(String text) {
    int n = Integer.parseInt(text);
    if (n < 0 || n > 65535) {
      throw new NumberFormatException();
    }
    return n;
  }

  @Override
  public @Nullable List<String> addresses(String name) throws DnsException {
    // One by one: a question for several types is one for any type, which servers cut short.
    List<String> four = query(name, "A");
    if (four == null) {
      return null;
    }
    List<String> all = new ArrayList<>(four);
    List<String> six = query(name, "AAAA");
    if (six != null) {
      all.addAll(six);
    }
    return all;
  }

  /**
   * The one use of JNDI. What makes JNDI dangerous is to look up objects, and names that strangers
   * chose: here only attributes are read, which are text, from a context of DNS alone, and names come
   * from the registry's URI and the grammar of service names.
   */
  @SuppressWarnings("BanJNDI")
  private @Nullable List<String> query(String name, String type) throws DnsException {
    InitialDirContext context = null;
    try {
      context = new InitialDirContext(environment());
      Attributes attributes = context.getAttributes(name, new String[] {type});
      List<String> texts = new ArrayList<>();
      Attribute attribute = attributes.get(type);
      if (attribute != null) {
        NamingEnumeration<?> values = attribute.getAll();
        while (values.hasMore() && texts.size() < MOST_RECORDS) {
          texts.add(String.valueOf(values.next()));
        }
      }
      return texts;
    } catch (NameNotFoundException e) {
      return null;
    } catch (NamingException e) {
      throw new DnsException(words(name, e));
    } finally {
      close(context);
    }
  }

  private static void close(@Nullable InitialDirContext context) {
    try {
      if (context != null) {
        context.close();
      }
    } catch (NamingException e) {
      // It holds nothing that could be lost.
    }
  }

  @SuppressWarnings("JdkObsolete") // JNDI's own type
  private Hashtable<String, String> environment() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(
        Context.PROVIDER_URL,
        servers.isEmpty()
            ? "dns:"
            : servers.stream().map(s -> "dns://" + s).collect(Collectors.joining(" ")));
    environment.put("com.sun.jndi.dns.timeout.initial", Integer.toString(TIMEOUT_MILLIS));
    environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(TRIES));
    return environment;
  }

  private String words(String name, NamingException e) {
    String whom = servers.isEmpty()
        ? "the DNS servers of this machine"
        : "DNS at " + servers.stream().map(Address::toString).collect(Collectors.joining(", "));
    if (e instanceof CommunicationException) {
      Throwable root = e.getRootCause();
      boolean silent = root instanceof java.net.SocketTimeoutException;
      return whom + (silent ? ": no answer" : ": can't be reached (" + root + ")");
    }
    if (e instanceof ServiceUnavailableException) {
      return whom + ": could not find out about " + name + " (SERVFAIL)";
    }
    if (e instanceof OperationNotSupportedException) {
      return whom + ": refused to look up " + name + ": is it the server for that domain?";
    }
    return whom + ": " + name + ": " + e.getExplanation();
  }
}
