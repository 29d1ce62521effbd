package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.NodeOptions;
import io.liblink.cli.args.Arguments;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.UsageException;
import io.liblink.message.Names;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster and how to reach it: options first, then the environment, then defaults.
 *
 * @param cluster the cluster's name
 * @param registry where to look and announce, null for the library's own choice
 * @param keyFile the file with the cluster key, null for the library's own choice
 * @param json whether listings are wanted as JSON
 * @param environment the environment of the process
 */
public record Settings(
    String cluster,
    @Nullable String registry,
    @Nullable Path keyFile,
    boolean json,
    Map<String, String> environment) {
  /** The options that every command takes. */
  public static final List<Option> OPTIONS = List.of(
      Option.value("--cluster", "NAME", "the cluster; LIBLINK_CLUSTER, else 'default'"),
      Option.value(
          "--registry",
          "URI",
          "local:, static:HOST:PORT,..., consul://..., etcd://... or dns:...; LIBLINK_REGISTRY, else"
              + " local:"),
      Option.value("--key-file", "FILE", "the cluster key; LIBLINK_KEY_FILE, else your own"),
      Option.flag("--json", "data as JSON, one object on a line").or("-j"),
      Option.flag("--quiet", "data and problems only, no narration").or("-q"),
      Option.flag("--help", "explains the command").or("-h"));

  /** From what the user wrote and the environment. */
  public static Settings of(Arguments arguments, Map<String, String> environment) {
    String cluster = arguments.value("--cluster", env(environment, "LIBLINK_CLUSTER", "default"));
    try {
      Names.cluster(cluster);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--cluster: " + e.getMessage());
    }
    String registry = arguments.value("--registry", env(environment, "LIBLINK_REGISTRY", ""));
    String file = arguments.value("--key-file", env(environment, "LIBLINK_KEY_FILE", ""));
    return new Settings(
        cluster,
        registry.isEmpty() ? null : registry,
        file.isEmpty() ? null : Path.of(file),
        arguments.has("--json"),
        environment);
  }

  private static String env(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** The key itself when the environment holds it and no file was named, else null. */
  public @Nullable String keyInEnvironment() {
    String key = env(environment, "LIBLINK_KEY", "");
    return keyFile != null || key.isEmpty() ? null : key;
  }

  /** How a node of this program joins, to serve. */
  public NodeOptions node() {
    NodeOptions options =
        NodeOptions.cluster(cluster).name("cli-" + ProcessHandle.current().pid());
    if (registry != null) {
      options = options.registry(registry);
    }
    return keyFile == null ? options : options.keyFile(keyFile);
  }

  /** Joins only to call; such a node opens no port. */
  public Node join() {
    return Node.join(node());
  }
}
