package io.liblink;

import io.liblink.delivery.ProducerOptions;
import io.liblink.delivery.SubscribeOptions;
import io.liblink.message.Message;
import io.liblink.message.Names;
import io.liblink.registry.Instance;
import io.liblink.routing.Candidate;
import io.liblink.routing.Candidates;
import io.liblink.routing.Route;
import io.liblink.routing.Selector;
import io.liblink.rpc.CallRequest;
import io.liblink.rpc.ItemQueue;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.liblink.topology.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A service to call and to push to. Immutable and thread-safe: {@code where}, {@code timeout} and the like return a
 * changed handle. Cheap to keep; a node knows at most 10,000 different selections, so keep a handle
 * instead of making a new selector for each call.
 *
 * <p>Arguments are {@code byte[]}, {@code String}, {@link Message}, or a value for the codec; so are
 * results. Every failure of a call is a {@link LinkException}. Mistakes of the program are thrown at
 * once, also by the asynchronous methods: {@link IllegalArgumentException} for a name that is none and
 * a value that can't be written, {@link IllegalStateException} for a type that nothing can be read
 * into.
 *
 * <p>Blocking methods refuse to run on an event loop with {@link
 * IllegalStateException}: in a {@link Trait#NON_BLOCKING} handler, or in what depends on a future
 * without an executor of its own. A wait that is interrupted cancels the call, throws CANCELLED, and
 * leaves the thread interrupted.
 */
public final class RemoteService {
  private final NodeCore core;
  private final Route route;
  private final CallSettings settings;

  RemoteService(NodeCore core, Route route) {
    this(core, route, CallSettings.NONE);
  }

  private RemoteService(NodeCore core, Route route, CallSettings settings) {
    this.core = core;
    this.route = route;
    this.settings = settings;
  }

  /** The name of the service. */
  public String name() {
    return route.service();
  }

  /**
   * Only instances whose metadata satisfies the selector, for example {@code zone == "eu"}.
   *
   * @throws IllegalArgumentException when the selector can't be read; the text points at the place
   */
  public RemoteService where(String selector) {
    Selector parsed = Selector.parse(selector);
    return new RemoteService(
        core, core.routes().to(name(), parsed, route.to(), route.plan()), settings);
  }

  /** Only the instance of that id, or whose id begins so, or instances on nodes of that name. */
  public RemoteService to(String instance) {
    return new RemoteService(
        core, core.routes().to(name(), route.selector(), instance, route.plan()), settings);
  }

  /** Instances are chosen by these rules instead of those of {@link NodeOptions#routing}. */
  public RemoteService routing(Routing rules) {
    return new RemoteService(
        core, core.routes().to(name(), route.selector(), route.to(), core.planOf(rules)), settings);
  }

  /**
   * Calls go to the instance that the key belongs to: the same from every node, as long as the instances
   * are the same; when one goes only its keys move (rendezvous hashing, in proportion to weights). The
   * next one gets them while it fails.
   */
  public RemoteService sticky(String key) {
    return new RemoteService(core, route, settings.withKey(key));
  }

  /**
   * The deadline of calls through this handle, from their start, over all attempts. Default {@link
   * Timeouts#call}, 5 s. A call that a handler makes on its own thread also ends when the handler's
   * time is over.
   */
  public RemoteService timeout(Duration timeout) {
    return new RemoteService(core, route, settings.withTimeout(timeout));
  }

  /** A header on every call through this handle; the key is put into lower case. */
  public RemoteService header(String key, String value) {
    return new RemoteService(core, route, settings.withHeader(key, value));
  }

  /**
   * Calls through this handle may be repeated even when the handler may have run. Methods that every
   * instance declares {@link Trait#IDEMPOTENT} need no such word.
   */
  public RemoteService idempotent() {
    return new RemoteService(core, route, settings.withIdempotent());
  }

  // ---- calling ------------------------------------------------------------------------------

  /**
   * Calls and waits.
   *
   * @throws LinkException when the call failed; says whether the handler may have run
   * @throws IllegalStateException on an event loop, where waiting would block every link on it
   */
  public <R> R call(String method, Object input, Class<R> output) {
    Message reply = call(method, core.codecs().encode(input));
    try {
      return core.codecs().decode(reply, output);
    } catch (IllegalArgumentException e) {
      throw LinkException.failure(
              Status.INTERNAL, Stage.WAIT, "the reply can't be read: " + e.getMessage())
          .ran(io.liblink.status.Ran.YES)
          .cause(e)
          .build();
    }
  }

  /** Calls and waits, in terms of messages. */
  public Message call(String method, Message request) {
    core.requireMayBlock();
    CompletableFuture<Message> pending = start(method, request, m -> m, true);
    core.caller().park(pending);
    return Waiting.on(pending, timeoutNanos());
  }

  /**
   * Calls without waiting; never blocks, on event loops too. Cancelling the future cancels the work.
   * It fails with a {@link LinkException}; {@link CompletableFuture#join} wraps that. When there is no
   * room on the link it fails with RESOURCE_EXHAUSTED, where the blocking form waits.
   *
   * <p>What depends on it runs on an event loop unless it has an executor of its own, and must not
   * block: use {@code thenApplyAsync(f, executor)} and the like for what does.
   */
  public <R> CompletableFuture<R> callAsync(String method, Object input, Class<R> output) {
    return start(method, core.codecs().encode(input), m -> core.codecs().decode(m, output), false);
  }

  /** Calls, in terms of messages. */
  public CompletableFuture<Message> callAsync(String method, Message request) {
    return start(method, request, m -> m, false);
  }

  /**
   * Calls a method that answers with a stream, and returns at once: what fails, fails when the stream
   * is read. The deadline is that of the whole stream. A method that answers once gives one item.
   */
  public <R> ReplyStream<R> stream(String method, Object input, Class<R> output) {
    core.requireMayBlock();
    ItemQueue items = new ItemQueue();
    Message message = core.codecs().encode(input);
    List<Interceptor> chain = core.options().interceptors;
    if (chain.isEmpty()) {
      core.caller().stream(route, request(method, message, true), items);
    } else {
      Message outgoing = withHeaders(message);
      items.endWith(OutgoingCall.start(
          chain,
          new Interceptor.Call(name(), method, outgoing.headers()),
          outgoing,
          m -> core.caller().stream(route, coreRequest(method, m, true), items),
          reply -> reply));
    }
    return new ItemStream<>(core, items, m -> core.codecs().decode(m, output));
  }

  /**
   * Asks every ready instance that the handle selects, all at the same time; returns when all answered
   * or time is over, with one answer for each instance asked. Empty when none is ready, which is no
   * error. Blocks.
   */
  public <R> List<Answer<R>> survey(String method, Object input, Class<R> output) {
    core.requireMayBlock();
    Message message = core.codecs().encode(input);
    List<Instance> asked = new ArrayList<>();
    List<CompletableFuture<R>> pending = new ArrayList<>();
    for (Candidate candidate : candidates().all()) {
      asked.add(candidate.instance());
      pending.add(startAt(candidate, method, message, m -> core.codecs().decode(m, output)));
    }
    List<Answer<R>> answers = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      try {
        R value = Waiting.on(pending.get(i), timeoutNanos());
        answers.add(new Answer<>(asked.get(i), value, null));
      } catch (LinkException e) {
        answers.add(new Answer<>(asked.get(i), null, e));
      }
    }
    return answers;
  }

  /**
   * An object whose methods call the methods of this service, as {@link Service#methods} serves them.
   * Those that return a stage do not wait; all others block. Default methods of the interface run
   * here.
   *
   * @throws IllegalArgumentException when the interface can't be called remotely, saying why
   */
  public <T> T proxy(Class<T> type) {
    return ServiceProxy.of(type, this, core.codecs());
  }

  private <R> CompletableFuture<R> start(
      String method, Message message, Function<Message, R> decode, boolean patient) {
    List<Interceptor> chain = core.options().interceptors;
    if (chain.isEmpty()) {
      return core.caller().call(route, request(method, message, patient), decode);
    }
    Message outgoing = withHeaders(message);
    return OutgoingCall.start(
        chain,
        new Interceptor.Call(name(), method, outgoing.headers()),
        outgoing,
        m -> core.caller().call(route, coreRequest(method, m, patient), reply -> reply),
        decode);
  }

  /** To one instance, as surveys do. */
  private <R> CompletableFuture<R> startAt(
      Candidate instance, String method, Message message, Function<Message, R> decode) {
    List<Interceptor> chain = core.options().interceptors;
    if (chain.isEmpty()) {
      return core.caller().call(route, instance, request(method, message, true), decode);
    }
    Message outgoing = withHeaders(message);
    return OutgoingCall.start(
        chain,
        new Interceptor.Call(name(), method, outgoing.headers()),
        outgoing,
        m -> core.caller().call(route, instance, coreRequest(method, m, true), reply -> reply),
        decode);
  }

  private Message withHeaders(Message message) {
    Message m = message;
    for (Map.Entry<String, String> e : settings.headers().entrySet()) {
      m = m.withHeader(e.getKey(), e.getValue());
    }
    return m;
  }

  private CallRequest request(String method, Message message, boolean patient) {
    return coreRequest(
        method, settings.headers().isEmpty() ? message : withHeaders(message), patient);
  }

  private CallRequest coreRequest(String method, Message full, boolean patient) {
    boolean repeatable = settings.idempotent() || core.idempotents().isIdempotent(route, method);
    CallRequest request = core.request(name(), method, full, timeoutNanos(), repeatable, patient);
    String key = settings.key();
    return key == null ? request : request.withKey(key);
  }

  private long timeoutNanos() {
    Duration own = settings.timeout();
    return Timeouts.nanos(own == null ? core.options().timeouts.call() : own);
  }

  RemoteService idempotentIf(boolean yes) {
    return yes && !settings.idempotent() ? idempotent() : this;
  }

  <R> CompletableFuture<R> callDecoded(
      String method, Message message, Function<Message, R> decode) {
    return start(method, message, decode, false);
  }

  // ---- subscribing --------------------------------------------------------------------------

  /** Subscribes with the {@linkplain SubscribeOptions#defaults default options}. */
  public <T> Subscription subscribe(String topic, Class<T> type, Subscriber<T> handler) {
    return subscribe(topic, type, SubscribeOptions.defaults(), handler);
  }

  /**
   * Subscribes at every instance that the handle selects, ready or not, now and later. Returns when all
   * that are known now have confirmed: what they publish from then on is not missed. One that can't be
   * reached is reported and tried on. At once when none is known. Blocks for up to the timeout of the
   * handle.
   *
   * @param topic a name, or a pattern over the topics that the instances announce: {@code *} stands
   *     for one token of a name, {@code >} at the end for the rest
   * @throws LinkException when a publisher refuses, with its status; DEADLINE_EXCEEDED when one has not
   *     answered in time, naming it
   * @throws IllegalArgumentException when the topic, or the filter of the options, can't be read
   * @throws IllegalStateException on an event loop
   */
  public <T> Subscription subscribe(
      String topic, Class<T> type, SubscribeOptions options, Subscriber<T> handler) {
    return new Subscribing<>(core, route, timeoutNanos(), topic, type, options).to(handler);
  }

  /** The same for a handler that wants to know more than the value. */
  public <T> Subscription subscribe(
      String topic, Class<T> type, SubscribeOptions options, EventSubscriber<T> handler) {
    return new Subscribing<>(core, route, timeoutNanos(), topic, type, options).to(handler);
  }

  /** The same for a handler that takes many messages at once. */
  public <T> Subscription subscribeBatches(
      String topic, Class<T> type, SubscribeOptions options, BatchSubscriber<T> handler) {
    return new Subscribing<>(core, route, timeoutNanos(), topic, type, options).inBatches(handler);
  }

  /** The same, to be read message by message by the program. */
  public <T> EventStream<T> events(String topic, Class<T> type, SubscribeOptions options) {
    return new Subscribing<>(core, route, timeoutNanos(), topic, type, options).stream();
  }

  /**
   * The same for reactive streams: each subscriber gets a subscription of its own, which begins within
   * moments of {@code onSubscribe} and asks for no more than the subscriber does. It completes when
   * this node is closed, and fails with a {@link LinkException} when every publisher ended it for good.
   * Its listeners and the subscriber run on workers, one at a time. Does not block.
   */
  public <T> Flow.Publisher<Event<T>> eventPublisher(
      String topic, Class<T> type, SubscribeOptions options) {
    return new Subscribing<>(core, route, timeoutNanos(), topic, type, options).publisher();
  }

  // ---- pushing ------------------------------------------------------------------------------

  /**
   * Pushes an item to a queue, through the producer that all handles of this selection share: in
   * memory, with {@link ProducerOptions#defaults}. Returns without waiting for a worker, but blocks
   * while the buffer is full.
   *
   * @throws LinkException as with {@link Producer#push}
   * @throws IllegalStateException on an event loop
   */
  public Receipt push(String queue, Object value) {
    return standardProducer(queue).push(value);
  }

  /** Pushes many items by one hand-over: all are accepted, or none. */
  public List<Receipt> pushAll(String queue, Collection<?> values) {
    return standardProducer(queue).pushAll(values);
  }

  private Producer standardProducer(String queue) {
    return new QueueProducer(
        core, core.producers().of(route, Names.endpoint(queue)), settings.headers());
  }

  /**
   * A producer with a buffer of its own, in memory or on disk. To be closed.
   *
   * @throws LinkException FAILED_PRECONDITION when the spool can't be opened, saying why
   */
  public Producer producer(String queue, ProducerOptions options) {
    core.requireMayBlock();
    return new QueueProducer(
        core, core.producers().open(route, Names.endpoint(queue), options), settings.headers());
  }

  // ---- looking ------------------------------------------------------------------------------

  /**
   * What discovery knows: every instance that the handle selects, ready or not. Waits for the first
   * view of the service, within the timeout of the handle, and not again.
   */
  public List<Instance> instances() {
    return candidates().selected();
  }

  /**
   * How far each instance comes on the way to a request through this handle, and why no farther. Waits
   * for the first view of the service, within the timeout of the handle, and not again.
   */
  public Explanation explain() {
    return ExplainedRoute.of(core, route, candidates());
  }

  private Candidates candidates() {
    Candidates known = route.candidates();
    if (known == null) {
      core.requireMayBlock();
      known = await(
          found -> true,
          Duration.ofNanos(timeoutNanos()),
          () -> LinkException.failure(
                  Status.UNAVAILABLE,
                  Stage.DISCOVER,
                  "the registry " + core.registry().uri() + " has not answered yet" + problem())
              .build());
    }
    return known;
  }

  private String problem() {
    String problem = core.registry().problem();
    return problem.isEmpty() ? "" : ": " + problem;
  }

  /**
   * Waits until at least that many selected instances are ready.
   *
   * @throws LinkException DEADLINE_EXCEEDED when they are not in time, saying what is there
   */
  public void awaitReady(int count, Duration timeout) {
    core.requireMayBlock();
    await(found -> found.size() >= count, timeout, () -> {
      Candidates now = route.candidates();
      String found = now == null
          ? "the registry has not answered"
          : route.explain(now, core.nanos()).text();
      return LinkException.failure(
              Status.DEADLINE_EXCEEDED,
              Stage.DISCOVER,
              "not " + count + " ready instances of '" + name() + "' within " + timeout.toMillis()
                  + " ms: " + found)
          .build();
    });
  }

  private Candidates await(
      Predicate<Candidates> wanted, Duration timeout, Supplier<LinkException> late) {
    CompletableFuture<Candidates> found = new CompletableFuture<>();
    Runnable look = () -> {
      Candidates now = route.candidates();
      if (now != null && wanted.test(now)) {
        found.complete(now);
      }
    };
    route.onChange(look);
    try {
      look.run();
      return Waiting.orTimeout(found, timeout, late);
    } finally {
      route.removeListener(look);
    }
  }
}
