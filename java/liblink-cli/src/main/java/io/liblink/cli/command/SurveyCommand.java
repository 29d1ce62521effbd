package io.liblink.cli.command;

import io.liblink.Answer;
import io.liblink.Node;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Figures;
import io.liblink.message.Message;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks every instance of a service and prints who said what. */
public final class SurveyCommand implements Command {
  @Override
  public Shape shape() {
    return Shape.of("survey", "asks every instance of a service, until the deadline")
        .parameters("SERVICE/METHOD", "[BODY]")
        .options(Choosing.and(
            Choosing.NODE,
            Body.DATA,
            Body.HEADER,
            Body.TYPE,
            Calling.DEADLINE,
            Calling.WHERE,
            Calling.TO))
        .example("liblink survey pricing/version", "who runs which version")
        .example("liblink survey cache/flush --timeout 2s -j", "an object for each instance")
        .note("Exit code: 0 when every instance answered, 64 + the status code of the first failure"
            + " otherwise. The answers that came are printed either way.");
  }

  @Override
  public int run(Invocation call) throws Exception {
    Arguments arguments = call.arguments();
    Target target = Target.method(arguments.get(0));
    Message request = Body.of(arguments, arguments.find(1), call.console().in());
    try (Node node = Choosing.join(call)) {
      long start = call.time().nanos();
      List<Answer<Message>> answers = Calling.handle(node, target.service(), arguments)
          .survey(target.endpoint(), request, Message.class);
      if (answers.isEmpty()) {
        throw Missing.service(node, target.service(), arguments.value("--where"));
      }
      return print(call, answers, call.time().nanos() - start);
    }
  }

  private static int print(Invocation call, List<Answer<Message>> answers, long nanos) {
    Console console = call.console();
    ReplyText out = new ReplyText(console, false, call.settings().json());
    int exit = 0;
    int answered = 0;
    for (Answer<Message> answer : answers) {
      LinkException failure = answer.failure();
      Message value = answer.value();
      if (value != null) {
        answered++;
        if (!call.settings().json()) {
          console.text(console.dataPaint().cyan(answer.instance().label()) + "  ");
        }
        out.print(value, who(answer.instance(), "OK", 0));
      } else if (failure != null) {
        exit = exit == 0 ? Failures.exitCode(failure) : exit;
        if (call.settings().json()) {
          Map<String, Object> object = who(answer.instance(), "", 0);
          object.putAll(Failures.map(failure));
          console.line(new io.liblink.cli.output.Json().line(object));
        } else {
          console.problem(console.paint().red(answer.instance().label() + "  " + failure.status())
              + ": "
              + failure.problem());
        }
      }
    }
    console.say(console
        .paint()
        .dim(answered + " of " + answers.size() + " answered in " + Figures.time(nanos)));
    return exit;
  }

  private static Map<String, Object> who(Instance instance, String status, int code) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("node", instance.node());
    object.put("id", instance.id().toString());
    object.put("status", status);
    object.put("code", code);
    return object;
  }
}
