package io.liblink.cli;

import io.liblink.Request;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.cli.args.HelpText;
import io.liblink.cli.args.Nearest;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.bench.BenchCallCommand;
import io.liblink.cli.bench.BenchPipelineCommand;
import io.liblink.cli.bench.BenchPubsubCommand;
import io.liblink.cli.child.ChildCommand;
import io.liblink.cli.child.TrainCommand;
import io.liblink.cli.command.CallCommand;
import io.liblink.cli.command.CheckCommand;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.CompletionCommand;
import io.liblink.cli.command.EdgesCommand;
import io.liblink.cli.command.ErrorsCommand;
import io.liblink.cli.command.ExplainCommand;
import io.liblink.cli.command.InfoCommand;
import io.liblink.cli.command.KeyNewCommand;
import io.liblink.cli.command.KeyRotateCommand;
import io.liblink.cli.command.KeyShowCommand;
import io.liblink.cli.command.LsCommand;
import io.liblink.cli.command.PingCommand;
import io.liblink.cli.command.PublishCommand;
import io.liblink.cli.command.PushCommand;
import io.liblink.cli.command.ServeCommand;
import io.liblink.cli.command.Settings;
import io.liblink.cli.command.StatsCommand;
import io.liblink.cli.command.SubscribeCommand;
import io.liblink.cli.command.SurveyCommand;
import io.liblink.cli.command.WorkCommand;
import io.liblink.cli.demo.DemoCommand;
import io.liblink.cli.demo.Shop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every command by its name. A command is made only when it is wanted. Not thread-safe. */
final class Catalogue {
  private static final String HEADLINE =
      "liblink: services that find each other, prove who they are and talk, encrypted, node to node";

  private record Entry(String group, Supplier<Command> make) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Consumer<List<String>> program;

  /** {@code program} runs a command line, for the command that tries others. */
  Catalogue(Consumer<List<String>> program) {
    this.program = program;
    add("Start here", "demo", DemoCommand::new);
    add("Talk", "serve", ServeCommand::new);
    add("Talk", "call", CallCommand::new);
    add("Talk", "survey", SurveyCommand::new);
    add("Talk", "publish", PublishCommand::new);
    add("Talk", "subscribe", SubscribeCommand::new);
    add("Talk", "push", PushCommand::new);
    add("Talk", "work", WorkCommand::new);
    add("Look", "ls", LsCommand::new);
    add("Look", "info", InfoCommand::new);
    add("Look", "explain", ExplainCommand::new);
    add("Look", "edges", EdgesCommand::new);
    add("Look", "ping", PingCommand::new);
    add("Look", "stats", StatsCommand::new);
    add("Look", "bench call", BenchCallCommand::new);
    add("Look", "bench pubsub", BenchPubsubCommand::new);
    add("Look", "bench pipeline", BenchPipelineCommand::new);
    add("Trust", "key show", KeyShowCommand::new);
    add("Trust", "key new", KeyNewCommand::new);
    add("Trust", "key rotate", KeyRotateCommand::new);
    add("This program", "check", CheckCommand::new);
    add("This program", "errors", ErrorsCommand::new);
    add("This program", "completion", () -> new CompletionCommand(this::shapes));
    add("Hidden", "child", Catalogue::child);
    add("Hidden", "train", () -> new TrainCommand(this.program));
  }

  private static Command child() {
    return new ChildCommand(Map.of(
        "pricing",
        Shop::pricing,
        "stock",
        Shop::stock,
        "orders",
        Shop::orders,
        "packing",
        Shop::packing,
        "echo",
        node -> Service.named("echo")
            .method("echo", Request::message, Trait.IDEMPOTENT, Trait.NON_BLOCKING)));
  }

  private void add(String group, String name, Supplier<Command> make) {
    entries.put(name, new Entry(group, make));
  }

  /** The command of that name, or null. */
  @Nullable
  Command find(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.make().get();
  }

  /** Whether names of two words start with this one. */
  boolean isGroup(String word) {
    return entries.keySet().stream().anyMatch(n -> n.startsWith(word + " "));
  }

  /** The commands of a group. */
  List<Shape> members(String word) {
    return shapes().stream().filter(s -> s.name().startsWith(word + " ")).toList();
  }

  List<Shape> shapes() {
    return entries.values().stream().map(e -> e.make().get().shape()).toList();
  }

  /** Says that there is no such command, and which was probably meant. */
  UsageException unknown(String name) {
    Set<String> names = new LinkedHashSet<>();
    for (Shape shape : shapes()) {
      if (!shape.hidden()) {
        names.add(shape.name().split(" ", 2)[0]);
        names.add(shape.name());
      }
    }
    names.add("help");
    String meant = Nearest.of(name, names);
    return new UsageException(
        "there is no command '" + name + "'",
        meant == null
            ? "'liblink help' lists the commands"
            : "did you mean 'liblink " + meant + "'?");
  }

  /** Help for everything. */
  String overview() {
    Map<String, List<Shape>> groups = new LinkedHashMap<>();
    entries.forEach((name, entry) -> {
      Shape shape = entry.make().get().shape();
      if (!shape.hidden()) {
        groups.computeIfAbsent(entry.group(), g -> new ArrayList<>()).add(shape);
      }
    });
    List<Shape.Example> examples = List.of(
        new Shape.Example("liblink demo", "see all of it on this machine, in ten seconds"),
        new Shape.Example(
            "liblink serve greeter -m hello='sed \"s/^/Hello, /\"'", "any program as a service"),
        new Shape.Example("liblink call greeter/hello Ada", "call it, from another terminal"),
        new Shape.Example("liblink publish news/all hi", "for all: 'liblink subscribe news/all'"),
        new Shape.Example("liblink push jobs/all hi", "for one: 'liblink work jobs/all'"),
        new Shape.Example("liblink ls", "who is there"));
    return HelpText.overview(
        HEADLINE,
        examples,
        groups.entrySet().stream()
            .map(e -> new HelpText.Group(e.getKey(), e.getValue()))
            .toList(),
        Settings.OPTIONS);
  }
}
