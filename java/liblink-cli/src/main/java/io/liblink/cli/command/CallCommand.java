package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.RemoteService;
import io.liblink.ReplyStream;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.registry.Endpoint;
import io.liblink.status.LinkException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Calls a method and prints what it answers. */
public final class CallCommand implements Command {
  private static final Option COUNT =
      Option.value("--count", "N", "so many times, one after the other").or("-n");
  private static final Option RAW =
      Option.flag("--raw", "exactly the bytes of the reply, nothing added");
  private static final Option STREAM =
      Option.flag("--stream", "the method answers with a stream: print each item as it comes");

  @Override
  public Shape shape() {
    return Shape.of("call", "calls a method of a service and prints the reply")
        .parameters("SERVICE/METHOD", "[BODY]")
        .options(Choosing.and(
            Choosing.RULES,
            Body.DATA,
            Body.HEADER,
            Body.TYPE,
            Calling.DEADLINE,
            Calling.WHERE,
            Calling.TO,
            Calling.IDEMPOTENT,
            COUNT,
            RAW,
            Choosing.STICKY,
            STREAM))
        .example("liblink call greeter/hello Ada", "text")
        .example("liblink call pricing/quote '{\"sku\": \"A-1\"}'", "JSON")
        .example("liblink call images/thumbnail -d @cat.jpg > small.jpg", "a file in, a file out")
        .example("liblink call pricing/quote A-1 --where 'zone == \"eu\"'", "an instance in the EU")
        .example(
            "liblink call feed/latest --stream -j", "a streamed reply, an object for each item")
        .note(
            "Exit code: 0 when the call succeeded, 64 + status code when it failed ('liblink errors'"
                + " lists them), 2 when the command line is wrong.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Target target = Target.method(arguments.get(0));
    int count = arguments.number("--count", 1, 1, 1_000_000_000);
    if (arguments.has("--raw") && call.settings().json()) {
      throw new UsageException("--raw and --json exclude each other");
    }
    if (arguments.has("--stream") && count > 1) {
      throw new UsageException("--stream and --count exclude each other");
    }
    Message request = Body.of(arguments, arguments.find(1), call.console().in());
    ReplyText out =
        new ReplyText(call.console(), arguments.has("--raw"), call.settings().json());
    try (Node node = Choosing.join(call)) {
      RemoteService service = Calling.handle(node, target.service(), arguments);
      if (count > 1) {
        return repeat(call, service, target, request, out, count);
      }
      try {
        return arguments.has("--stream")
            ? stream(call, service, target, request, out)
            : once(call, service, target, request, out);
      } catch (LinkException e) {
        throw Missing.explained(
            service,
            Endpoint.Kind.METHOD,
            target.endpoint(),
            Missing.explained(node, target.service(), e));
      }
    }
  }

  private static int once(
      Invocation call, RemoteService service, Target target, Message request, ReplyText out) {
    long start = call.time().nanos();
    Message reply = service.call(target.endpoint(), request);
    long nanos = call.time().nanos() - start;
    out.print(reply, outcome(nanos));
    call.console().say(call.console().paint().dim("answered in " + Figures.time(nanos)));
    return 0;
  }

  private static int stream(
      Invocation call, RemoteService service, Target target, Message request, ReplyText out) {
    long start = call.time().nanos();
    long items = 0;
    try (ReplyStream<Message> replies = service.stream(target.endpoint(), request, Message.class)) {
      while (replies.hasNext()) {
        out.print(replies.next(), outcome(call.time().nanos() - start));
        items++;
      }
    }
    call.console()
        .say(call.console()
            .paint()
            .dim(
                Figures.count(items, "item") + " in " + Figures.time(call.time().nanos() - start)));
    return 0;
  }

  private static int repeat(
      Invocation call,
      RemoteService service,
      Target target,
      Message request,
      ReplyText out,
      int count) {
    Console console = call.console();
    Times times = new Times();
    Map<String, Integer> failed = new TreeMap<>();
    int exit = 0;
    for (int i = 0; i < count; i++) {
      long start = call.time().nanos();
      try {
        Message reply = service.call(target.endpoint(), request);
        long nanos = call.time().nanos() - start;
        times.add(nanos);
        out.print(reply, outcome(nanos));
      } catch (LinkException e) {
        exit = exit == 0 ? Failures.exitCode(e) : exit;
        failed.merge(e.status().name(), 1, Integer::sum);
        if (call.settings().json()) {
          console.line(Failures.json(e));
        } else {
          Failures.say(console, e);
        }
      }
    }
    StringBuilder s = new StringBuilder(Figures.count(count, "call"));
    s.append(": ").append(Figures.grouped(times.count())).append(" answered");
    failed.forEach(
        (status, n) -> s.append(", ").append(Figures.grouped(n)).append(' ').append(status));
    if (times.count() > 0) {
      s.append("; ").append(times.summary());
    }
    console.say(s.toString());
    return exit;
  }

  private static Map<String, Object> outcome(long nanos) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("status", "OK");
    object.put("code", 0);
    object.put("elapsedMicros", nanos / 1000);
    return object;
  }
}
