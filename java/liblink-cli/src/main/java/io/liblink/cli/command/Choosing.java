package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.RemoteService;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.UsageException;
import io.liblink.topology.Routing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options that say what the calling node is, and by which rules it chooses among instances. */
public final class Choosing {
  static final Option NODE_META = Option.value(
          "--node-meta",
          "KEY=VALUE",
          "metadata of this node, as --callers and --prefer-same see it")
      .many();
  static final Option GROUP =
      Option.value("--group", "GROUP", "a group that this node is in").many();
  static final Option PREFER_SAME = Option.value(
          "--prefer-same",
          "KEY",
          "first the instances with the same value of KEY as --node-meta says")
      .many();
  static final Option FAILOVER = Option.value(
          "--failover", "SELECTOR", "first these; several: then those, as the ones before fail")
      .many();
  static final Option SPLIT = Option.value(
          "--split", "PERCENT=SELECTOR", "that share of the requests goes to these, no other")
      .many();
  static final Option SUBSET =
      Option.value("--subset", "N", "at most so many instances of a group; 20");
  static final Option STICKY = Option.value(
      "--sticky", "KEY", "the instance that KEY belongs to, for every caller the same");

  /** What the node is. */
  static final List<Option> NODE = List.of(NODE_META, GROUP);

  /** That, and the rules that a node has for all of its requests. */
  static final List<Option> RULES = List.of(NODE_META, GROUP, PREFER_SAME, FAILOVER, SPLIT, SUBSET);

  private static final List<Option> ROUTING = List.of(PREFER_SAME, FAILOVER, SPLIT, SUBSET);

  private Choosing() {}

  /** A command's own options, with these. */
  static Option[] and(List<Option> these, Option... own) {
    return Stream.concat(Arrays.stream(own), these.stream()).toArray(Option[]::new);
  }

  /** Joins as the options say. */
  static Node join(Invocation call) {
    return Node.join(node(call.settings(), call.arguments()));
  }

  /** A node that is what the options say, and chooses by their rules. */
  public static NodeOptions node(Settings settings, Arguments arguments) {
    NodeOptions options = meta(settings.node(), arguments);
    List<String> groups = arguments.values(GROUP.name());
    if (!groups.isEmpty()) {
      try {
        options = options.groups(groups.toArray(new String[0]));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--group: " + e.getMessage());
      }
    }
    return ROUTING.stream().anyMatch(o -> arguments.has(o.name()))
        ? options.routing(rules(arguments))
        : options;
  }

  /** The same node with its metadata. */
  static NodeOptions meta(NodeOptions node, Arguments arguments) {
    NodeOptions options = node;
    for (Map.Entry<String, String> e : arguments.pairs(NODE_META.name()).entrySet()) {
      options = options.meta(e.getKey(), e.getValue());
    }
    return options;
  }

  static Routing rules(Arguments arguments) {
    Routing rules = Routing.defaults();
    List<String> nearness = arguments.values(PREFER_SAME.name());
    Map<String, String> own = arguments.pairs(NODE_META.name());
    for (String key : nearness) {
      if (!own.containsKey(key)) {
        throw new UsageException(
            "--prefer-same " + key + ": this node has no '" + key + "'",
            "say which: --node-meta " + key + "=VALUE");
      }
    }
    if (!nearness.isEmpty()) {
      rules = rules.preferSame(nearness.toArray(new String[0]));
    }
    List<String> groups = arguments.values(FAILOVER.name());
    if (!groups.isEmpty()) {
      rules = rules.failover(groups.toArray(new String[0]));
    }
    for (String split : arguments.values(SPLIT.name())) {
      rules = split(rules, split);
    }
    return arguments.has(SUBSET.name())
        ? rules.subset(arguments.number(SUBSET.name(), 0, 1, Integer.MAX_VALUE))
        : rules;
  }

  private static Routing split(Routing rules, String text) {
    int equals = text.indexOf('=');
    double percent = equals <= 0 ? Double.NaN : percent(text.substring(0, equals));
    if (!(percent >= 0 && percent <= 100)) {
      throw new UsageException(
          "--split takes PERCENT=SELECTOR with 0 to 100 percent, not '" + text + "'",
          "for example --split '5=version == \"2\"'");
    }
    return rules.split(percent, text.substring(equals + 1));
  }

  private static double percent(String text) {
    String number = text.strip();
    try {
      return Double.parseDouble(
          number.endsWith("%") ? number.substring(0, number.length() - 1) : number);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The handle that is sticky when the options say so. */
  static RemoteService sticky(RemoteService handle, Arguments arguments) {
    String key = arguments.value(STICKY.name());
    return key == null ? handle : handle.sticky(key);
  }
}
