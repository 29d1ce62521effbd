package io.liblink.cli.command;

import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.cli.output.Json;
import io.liblink.identity.key.ClusterKey;
import io.liblink.identity.key.KeySource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows which key this machine uses, without showing the key. */
public final class KeyShowCommand implements Command {
  @Override
  public Shape shape() {
    return Shape.of("key show", "shows the fingerprint of the cluster key and where it is kept")
        .example("liblink key show", "is it the same key as over there?")
        .note(
            "Two nodes talk when each accepts the key that the other signs with. The fingerprint is"
                + " safe to show; the key itself is a secret: whoever has it is a member of the cluster.");
  }

  @Override
  public int run(Invocation call) throws IOException {
    Settings settings = call.settings();
    Console console = call.console();
    KeySource.Loaded loaded;
    String where;
    if (settings.keyInEnvironment() != null) {
      loaded = KeySource.literal(settings.keyInEnvironment()).reload();
      where = "LIBLINK_KEY";
    } else {
      KeyFile file = KeyFile.of(settings);
      if (!file.exists()) {
        console.problem("liblink: there is no key for cluster '" + settings.cluster() + "' yet");
        console.problem("  it would be in " + file.path());
        console.problem("  the first node makes one by itself; 'liblink key new' makes one now");
        return 1;
      }
      loaded = file.read();
      where = file.path().toString();
    }
    List<String> prints = loaded.keys().stream().map(ClusterKey::fingerprint).toList();
    if (settings.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("cluster", settings.cluster());
      object.put("source", where);
      object.put("signs", prints.get(0));
      object.put("accepts", prints);
      console.line(new Json().line(object));
      return 0;
    }
    console.line("cluster  " + settings.cluster());
    console.line("kept in  " + where);
    console.line("signs    " + prints.get(0));
    for (int i = 1; i < prints.size(); i++) {
      console.line("accepts  " + prints.get(i) + "  (too: a rotation is under way)");
    }
    loaded.warnings().forEach(w -> console.say(console.paint().yellow("warning") + ": " + w));
    if (settings.keyInEnvironment() == null) {
      console.say("");
      console.say("To let another machine in, copy the file to it, and nothing else:");
      console.say("  " + copy(KeyFile.of(settings)));
    }
    return 0;
  }

  /** A line that copies the file to another machine, to the same place. */
  static String copy(KeyFile file) {
    return "scp -p '" + file.path() + "' HOST:'" + file.path() + "'";
  }
}
