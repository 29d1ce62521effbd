package io.liblink;

import io.liblink.codec.json.Codecs;
import io.liblink.delivery.QueueOptions;
import io.liblink.delivery.TopicOptions;
import io.liblink.message.Names;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import io.liblink.routing.CallerRule;
import io.liblink.routing.Selector;
import io.liblink.rpc.Method;
import io.liblink.rpc.ServiceGate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service to serve: its name, metadata and methods. Collects, and returns itself; what is wrong is
 * said at once by IllegalArgumentException. Not thread-safe. {@link Node#serve} takes what was
 * collected until then.
 */
public final class Service {
  private static final int MOST_ENDPOINTS = 1000;
  private static final int MOST_META = 64;

  private final String name;
  private final Map<String, Declared> endpoints = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>();
  private final List<Interceptor> interceptors = new ArrayList<>();
  private String version = "";
  private boolean ready = true;
  private int weight = 1;
  private Set<String> groups = Set.of();
  private @Nullable Selector callers;

  private Service(String name) {
    this.name = Names.service(name);
  }

  /**
   * Starts a service of that name.
   *
   * @throws IllegalArgumentException when it is no service name, see {@link Names#service}
   */
  public static Service named(String name) {
    if (name.equals(BuiltIn.SERVICE)) {
      throw new IllegalArgumentException("'liblink' is the service that every node has built in");
    }
    return new Service(name);
  }

  static Service builtIn() {
    return new Service(BuiltIn.SERVICE);
  }

  /** The version announced, at most 512 characters. Default: none. */
  public Service version(String version) {
    this.version = bounded("version", version);
    return this;
  }

  /** Metadata that selectors look at: at most 64 pairs, values of at most 512 characters. */
  public Service meta(String key, String value) {
    metadata.put(Names.metaKey(key), bounded("metadata '" + key + "'", value));
    if (metadata.size() > MOST_META) {
      throw new IllegalArgumentException("more than " + MOST_META + " pairs of metadata");
    }
    return this;
  }

  private static String bounded(String what, String value) {
    if (value.length() > 512) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " characters; at most 512 are announced");
    }
    return value;
  }

  /**
   * For nodes of these groups only, see {@link NodeOptions#groups}: others neither find it nor are
   * answered, and may have another service of the same name. Default: for all.
   */
  public Service groups(String... groups) {
    this.groups = NodeOptions.groupNames(groups);
    return this;
  }

  /**
   * For callers only that the selector selects: over the metadata of the caller's node, as it says, and
   * {@code node}, the name that its certificate proves. Others are answered with PERMISSION_DENIED.
   *
   * @throws IllegalArgumentException when the selector can't be read; the text points at the place
   */
  public Service callers(String selector) {
    this.callers = Selector.parse(selector);
    return this;
  }

  /**
   * The share of the traffic that this instance wants, relative to others. Default 1.
   *
   * @param weight 0, for none while others are there, to 65,535
   */
  public Service weight(int weight) {
    if (weight < 0 || weight > Instance.MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "a weight is a number from 0 to " + Instance.MOST_WEIGHT + ", not " + weight);
    }
    this.weight = weight;
    return this;
  }

  /** A method in terms of messages. It must not answer null: an empty message is nothing. */
  public Service method(String name, Handler handler, Trait... traits) {
    Set<Trait> set = traits(traits);
    return add(name, set, MethodWork.ofMessages(name, handler, set));
  }

  /**
   * A method in terms of values: {@code byte[]}, {@code String}, {@link
   * io.liblink.message.Message}, or a type for the codec. A request that does not fit is answered
   * with INVALID_ARGUMENT and does not reach the handler. Null is answered as the empty message.
   */
  public <I, O> Service method(
      String name, Class<I> input, TypedHandler<I, O> handler, Trait... traits) {
    Set<Trait> set = traits(traits);
    return add(name, set, MethodWork.ofValues(name, input, handler, set));
  }

  /** A method that answers with a stream of items. It may not be {@link Trait#NON_BLOCKING}. */
  public <I> Service stream(
      String name, Class<I> input, StreamHandler<I> handler, Trait... traits) {
    Set<Trait> set = traits(traits);
    if (set.contains(Trait.NON_BLOCKING)) {
      throw new IllegalArgumentException(
          "'" + name + "' answers with a stream, which blocks while the caller is slow");
    }
    return add(name, set, MethodWork.ofItems(name, input, handler));
  }

  /**
   * Every method of an interface, answered by an object. Each takes one argument or none, and returns
   * a value, nothing, or a {@link java.util.concurrent.CompletionStage} of a value, which may complete
   * later on any thread. Names are not overloaded. Traits are those of {@link Traits}.
   */
  public <T> Service methods(Class<T> type, T implementation) {
    for (java.lang.reflect.Method m : InterfaceMethods.of(type)) {
      Set<Trait> set = InterfaceMethods.traits(m);
      add(m.getName(), set, MethodWork.ofInterface(m, implementation, set));
    }
    return this;
  }

  /** A topic with the {@linkplain TopicOptions#defaults default options}. */
  public Service topic(String name, Class<?> type) {
    return topic(name, type, TopicOptions.defaults());
  }

  /**
   * A topic, to which the node {@linkplain Node#publish publishes}.
   *
   * @param type what is published: {@code byte[]}, {@code String}, {@link
   *     io.liblink.message.Message}, or a type for the codec
   */
  public Service topic(String name, Class<?> type, TopicOptions options) {
    return add(new DeclaredTopic(name, type, options));
  }

  /**
   * A queue, worked on by 16 at once: {@link QueueOptions#defaults}.
   *
   * @see Worker
   */
  public <T> Service queue(String name, Class<T> type, Worker<T> worker, Trait... traits) {
    return queue(name, type, QueueOptions.defaults(), worker, traits);
  }

  /**
   * A queue. What the worker takes is {@code byte[]}, {@code String}, {@link
   * io.liblink.message.Message}, or a type for the codec; an item that does not fit is rejected with
   * INVALID_ARGUMENT and not tried again. {@link Trait#NON_BLOCKING} has the worker run on the event
   * loop.
   */
  public <T> Service queue(
      String name, Class<T> type, QueueOptions options, Worker<T> worker, Trait... traits) {
    return add(QueueWork.declare(name, type, options, worker, traits(traits)));
  }

  /** A queue whose worker sees more of its items. */
  public <T> Service queue(
      String name, Class<T> type, QueueOptions options, ItemWorker<T> worker, Trait... traits) {
    return add(QueueWork.declare(name, type, options, worker, traits(traits)));
  }

  /** A queue whose worker finishes later. */
  public <T> Service queueAsync(
      String name, Class<T> type, QueueOptions options, AsyncWorker<T> worker) {
    return add(QueueWork.declare(name, type, options, worker));
  }

  /** An interceptor around every method, streams included; the first added is outermost. */
  public Service intercept(Interceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /** Announced as not ready until {@link Served#ready} says otherwise. */
  public Service notReady() {
    ready = false;
    return this;
  }

  private static Set<Trait> traits(Trait... traits) {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(List.of(traits));
    return set;
  }

  private Service add(String method, Set<Trait> traits, Declared.MethodMaker maker) {
    boolean idempotent = traits.contains(Trait.IDEMPOTENT);
    return add(
        new Declared.OfMethod(new Endpoint(method, Endpoint.Kind.METHOD, idempotent), maker));
  }

  private Service add(Declared declared) {
    String endpoint = Names.endpoint(declared.endpoint().name());
    if (endpoints.size() >= MOST_ENDPOINTS) {
      throw new IllegalArgumentException(
          "more than " + MOST_ENDPOINTS + " methods, topics and queues in one service");
    }
    if (endpoints.put(endpoint, declared) != null) {
      throw new IllegalArgumentException(
          "the service '" + name + "' has two endpoints named '" + endpoint + "'");
    }
    return this;
  }

  // ---- what the node reads ------------------------------------------------------------------

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  boolean ready() {
    return ready;
  }

  int weight() {
    return weight;
  }

  Set<String> groups() {
    return groups;
  }

  CallerRule callerRule() {
    return new CallerRule(groups, callers);
  }

  List<Endpoint> endpoints() {
    return endpoints.values().stream().map(Declared::endpoint).toList();
  }

  <D extends Declared> List<D> declared(Class<D> kind) {
    return endpoints.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<Method> make(ServiceGate gate, Codecs codecs) {
    List<Interceptor> chain = List.copyOf(interceptors);
    return declared(Declared.OfMethod.class).stream()
        .map(d -> d.maker().make(gate, codecs, chain))
        .toList();
  }
}
