package io.liblink.cli;

import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.HelpText;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Parser;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.command.Command;
import io.liblink.cli.command.Failures;
import io.liblink.cli.command.Invocation;
import io.liblink.cli.command.Settings;
import io.liblink.cli.output.BrokenPipe;
import io.liblink.cli.output.Console;
import io.liblink.identity.ClusterKeyException;
import io.liblink.status.LinkException;
import io.liblink.time.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the program: from its words to its exit code. */
final class Program {
  static final int OK = 0;
  static final int INTERNAL = 1;
  static final int USAGE = 2;

  private final Console console;
  private final Map<String, String> environment;
  private final TimeSource time;
  private final Catalogue catalogue = new Catalogue(words -> run(words));

  Program(Console console, Map<String, String> environment, TimeSource time) {
    this.console = console;
    this.environment = environment;
    this.time = time;
  }

  int run(List<String> words) {
    boolean json = words.contains("--json") || words.contains("-j");
    try {
      return dispatch(words);
    } catch (UsageException e) {
      return usage(String.valueOf(e.getMessage()), e.hint());
    } catch (LinkException e) {
      if (json) {
        console.line(Failures.json(e));
      } else {
        Failures.say(console, e);
      }
      return Failures.exitCode(e);
    } catch (BrokenPipe e) {
      return OK;
    } catch (IllegalArgumentException e) {
      return usage(String.valueOf(e.getMessage()), "");
    } catch (ClusterKeyException e) {
      return problem(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return problem(words(e));
    } catch (InterruptedException e) {
      return INTERNAL;
    } catch (Exception e) {
      return internal(e);
    }
  }

  private int dispatch(List<String> words) throws Exception {
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      String word = words.get(at);
      if (word.equals("--version") || word.equals("-V")) {
        console.line(Version.text());
        return OK;
      }
      Option option = global(word);
      at += option == null || option.isFlag() || word.indexOf('=') > 0 ? 1 : 2;
    }
    List<String> before = words.subList(0, Math.min(at, words.size()));
    if (at >= words.size()) {
      Arguments arguments = new Parser(Shape.of("liblink", ""), Settings.OPTIONS).parse(before);
      console.text(catalogue.overview());
      return arguments.has("--help") ? OK : USAGE;
    }
    String name = words.get(at);
    List<String> rest = words.subList(at + 1, words.size());
    if (name.equals("help")) {
      return help(rest);
    }
    if (catalogue.isGroup(name) && (catalogue.find(name) == null || startsMember(name, rest))) {
      if (rest.isEmpty() || rest.get(0).startsWith("-")) {
        return group(name, rest);
      }
      name = name + " " + rest.get(0);
      rest = rest.subList(1, rest.size());
    }
    Command command = catalogue.find(name);
    if (command == null) {
      throw catalogue.unknown(name);
    }
    List<String> all = new ArrayList<>(before);
    all.addAll(rest);
    return run(command, all);
  }

  private boolean startsMember(String group, List<String> rest) {
    return !rest.isEmpty() && catalogue.find(group + " " + rest.get(0)) != null;
  }

  private int run(Command command, List<String> words) throws Exception {
    Shape shape = command.shape();
    Arguments arguments = new Parser(shape, Settings.OPTIONS).parse(words);
    if (arguments.has("--help")) {
      console.text(HelpText.of(shape, Settings.OPTIONS));
      return OK;
    }
    if (arguments.has("--quiet")) {
      console.quiet();
    }
    Settings settings = Settings.of(arguments, environment);
    return command.run(new Invocation(arguments, console, settings, time));
  }

  private static @org.jspecify.annotations.Nullable Option global(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    for (Option option : Settings.OPTIONS) {
      if (option.name().equals(name) || option.shortName().equals(name)) {
        return option;
      }
    }
    return null;
  }

  private int help(List<String> words) {
    String name = String.join(" ", words);
    if (name.isEmpty() || name.startsWith("-")) {
      console.text(catalogue.overview());
      return OK;
    }
    Command command = catalogue.find(name);
    if (command != null) {
      console.text(HelpText.of(command.shape(), Settings.OPTIONS));
      return OK;
    }
    if (catalogue.isGroup(name)) {
      catalogue.members(name).forEach(s -> console.text(HelpText.of(s, Settings.OPTIONS) + "\n"));
      return OK;
    }
    throw catalogue.unknown(name);
  }

  /** A group's name alone: what belongs to it. */
  private int group(String name, List<String> rest) {
    if (rest.contains("--help") || rest.contains("-h")) {
      return help(List.of(name));
    }
    StringBuilder s = new StringBuilder();
    List<Shape> members = catalogue.members(name);
    int width = members.stream().mapToInt(m -> m.name().length()).max().orElse(0);
    for (Shape m : members) {
      String pad = " ".repeat(width - m.name().length() + 3);
      s.append("\n  liblink ").append(m.name()).append(pad).append(m.summary());
    }
    throw new UsageException("'" + name + "' needs to know what to do:" + s);
  }

  private int usage(String problem, String hint) {
    console.problem(console.paint().red("liblink") + ": " + problem);
    if (!hint.isEmpty()) {
      console.problem("  " + hint);
    }
    return USAGE;
  }

  private int problem(String text) {
    console.problem(console.paint().red("liblink") + ": " + text);
    return INTERNAL;
  }

  /** What the system said; exceptions of files say only the path by themselves. */
  private static String words(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no file " + e.getMessage();
    }
    return e instanceof AccessDeniedException
        ? "permission denied for " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  private int internal(Exception e) {
    problem("this should not have happened: " + e);
    if (environment.containsKey("LIBLINK_DEBUG")) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      console.problem(trace.toString());
    } else {
      console.problem("  LIBLINK_DEBUG=1 in front of the command shows where");
    }
    return INTERNAL;
  }
}
