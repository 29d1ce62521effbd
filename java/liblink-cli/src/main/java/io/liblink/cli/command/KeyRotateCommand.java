package io.liblink.cli.command;

import io.liblink.Node;
import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.args.UsageException;
import io.liblink.cli.output.Console;
import io.liblink.identity.key.ClusterKey;
import io.liblink.registry.Instance;
import io.liblink.status.LinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes the cluster key without an interruption, in three steps, each of which must have reached
 * every node before the next: accept the new key too; sign with it; forget the old one.
 */
public final class KeyRotateCommand implements Command {
  private static final Option STEP =
      Option.value("--step", "1|2|3", "takes that step; without it, says which is next");
  private static final Option FORCE =
      Option.flag("--force", "takes step 2 or 3 even when not every node is known to follow");

  @Override
  public Shape shape() {
    return Shape.of("key rotate", "changes the cluster key without an interruption, in three steps")
        .options(STEP, FORCE)
        .example("liblink key rotate", "where it stands, and what to do next")
        .example("liblink key rotate --step 1", "makes a new key, which is accepted from now on")
        .note("Step 1 puts a new key behind the old one: nodes accept both and sign with the old."
            + " Step 2 puts it in front: they sign with the new one. Step 3 drops the old one."
            + " After each step the file must reach every machine; nodes read it by themselves."
            + " Steps 2 and 3 first ask every node whether it is ready for them.")
        .note(
            "When a key was stolen, do not rotate: make a new one at once and copy it everywhere. The"
                + " nodes are apart until all have it, and so is the thief.");
  }

  @Override
  public int run(Invocation call) throws IOException {
    if (call.settings().keyInEnvironment() != null) {
      throw new UsageException(
          "the key is in LIBLINK_KEY, where this program can't change it",
          "rotate there: LIBLINK_KEY=old,new everywhere, then new,old, then new");
    }
    KeyFile file = KeyFile.of(call.settings());
    List<ClusterKey> keys = file.read().keys();
    int at = keys.size() == 1 ? 0 : Math.max(1, file.step());
    String step = call.arguments().value("--step");
    if (step == null) {
      describe(call.console(), file, keys, at);
      return 0;
    }
    return switch (step) {
      case "1" -> first(call, file, keys, at);
      case "2" -> second(call, file, keys, at);
      case "3" -> third(call, file, keys, at);
      default -> throw new UsageException("--step takes 1, 2 or 3, not '" + step + "'");
    };
  }

  private static void describe(Console console, KeyFile file, List<ClusterKey> keys, int at) {
    console.line("signs    " + keys.get(0).fingerprint());
    if (keys.size() > 1) {
      console.line("accepts  " + keys.get(1).fingerprint() + "  too");
    }
    switch (at) {
      case 0 ->
        console.say("No rotation is under way. To start one:\n  liblink key rotate --step 1");
      case 1 -> after1(console, file);
      default -> after2(console, file);
    }
  }

  private static void after1(Console console, KeyFile file) {
    console.say("Step 1 of 3 is taken: the second key is accepted too, the first still signs.");
    next(console, file, "liblink key rotate --step 2");
  }

  private static void after2(Console console, KeyFile file) {
    console.say("Step 2 of 3 is taken: the new key signs, the old one is still accepted.");
    next(console, file, "liblink key rotate --step 3");
  }

  private static void next(Console console, KeyFile file, String command) {
    console.say("Copy the file to every machine; nodes read it by themselves within seconds:");
    console.say("  " + KeyShowCommand.copy(file));
    console.say("Then:\n  " + command);
  }

  private static int first(Invocation call, KeyFile file, List<ClusterKey> keys, int at)
      throws IOException {
    if (at != 0) {
      throw new UsageException(
          "step 1 is taken already: there are two keys in " + file.path(),
          "'liblink key rotate' says what comes next");
    }
    ClusterKey fresh = ClusterKey.generate();
    file.replace(List.of(keys.get(0), fresh), 1);
    call.console().line(fresh.fingerprint());
    after1(call.console(), file);
    return 0;
  }

  private static int second(Invocation call, KeyFile file, List<ClusterKey> keys, int at)
      throws IOException {
    requireStep(at, 1, 2);
    ClusterKey fresh = keys.get(1);
    if (!allFollow(call, fresh.fingerprint(), false)) {
      return 1;
    }
    file.replace(List.of(fresh, keys.get(0)), 2);
    call.console().line(fresh.fingerprint());
    after2(call.console(), file);
    return 0;
  }

  private static int third(Invocation call, KeyFile file, List<ClusterKey> keys, int at)
      throws IOException {
    requireStep(at, 2, 3);
    ClusterKey fresh = keys.get(0);
    if (!allFollow(call, fresh.fingerprint(), true)) {
      return 1;
    }
    file.replace(List.of(fresh), 0);
    call.console().line(fresh.fingerprint());
    call.console().say("Done here: the old key is forgotten. Copy the file to every machine:");
    call.console().say("  " + KeyShowCommand.copy(file));
    return 0;
  }

  private static void requireStep(int at, int needed, int wanted) {
    if (at != needed) {
      throw new UsageException(
          "step "
              + wanted
              + " comes after step "
              + needed
              + (at == 0 ? ", and no rotation is under way" : ", and step " + at + " was the last"),
          "'liblink key rotate' says what comes next");
    }
  }

  /** Asks every node; says which do not accept (or sign with) the new key. */
  private static boolean allFollow(Invocation call, String fingerprint, boolean mustSign) {
    Console console = call.console();
    if (call.arguments().has("--force")) {
      return true;
    }
    List<String> behind = new ArrayList<>();
    int nodes = 0;
    try (Node node = call.settings().join()) {
      Map<String, Instance> byId = new LinkedHashMap<>();
      for (String service : new TreeSet<>(node.services())) {
        node.service(service).instances().forEach(i -> byId.putIfAbsent(i.id().toString(), i));
      }
      for (Instance instance : byId.values()) {
        nodes++;
        String problem = problem(node, instance, fingerprint, mustSign);
        if (problem != null) {
          behind.add("  " + instance.label() + ": " + problem);
        }
      }
    }
    if (behind.isEmpty()) {
      console.say(
          nodes == 0 ? "No nodes are running." : "All " + nodes + " nodes are ready for it.");
      return true;
    }
    console.problem(
        "liblink: " + behind.size() + " of " + nodes + " nodes are not ready for this step");
    behind.forEach(console::problem);
    console.problem(
        "  copy the key file to their machines first, or say --force to leave them behind");
    return false;
  }

  private static @Nullable String problem(
      Node node, Instance instance, String fingerprint, boolean mustSign) {
    try {
      NodeFacts facts = NodeFacts.ask(node, instance);
      if (mustSign) {
        return fingerprint.equals(facts.signs()) ? null : "still signs with " + facts.signs();
      }
      List<String> accepts = facts.accepts();
      return accepts != null && accepts.contains(fingerprint)
          ? null
          : "does not accept " + fingerprint + " yet";
    } catch (LinkException e) {
      return "did not answer: " + e.problem();
    }
  }
}
