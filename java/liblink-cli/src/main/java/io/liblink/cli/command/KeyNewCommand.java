package io.liblink.cli.command;

import io.liblink.cli.args.Option;
import io.liblink.cli.args.Shape;
import io.liblink.cli.output.Console;
import io.liblink.identity.key.ClusterKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/** Makes a cluster key where there is none. */
public final class KeyNewCommand implements Command {
  private static final Option PRINT =
      Option.flag("--print", "to standard output, for a store of secrets, and into no file");

  @Override
  public Shape shape() {
    return Shape.of("key new", "makes a cluster key, in a file that only you can read")
        .options(PRINT)
        .example("liblink key new", "for the cluster 'default'")
        .example(
            "liblink key new --cluster shop --key-file /etc/liblink/shop.key",
            "in a file of its own")
        .example(
            "liblink key new --print | vault kv put secret/liblink key=-",
            "into a store of secrets")
        .note("A key that is there is never replaced: the nodes that use it would be locked out."
            + " 'liblink key rotate' changes it without an interruption.");
  }

  @Override
  public int run(Invocation call) throws IOException {
    Console console = call.console();
    ClusterKey key = ClusterKey.generate();
    if (call.arguments().has("--print")) {
      console.line(key.text());
      console.say(console.paint().dim("fingerprint " + key.fingerprint()));
      return 0;
    }
    KeyFile file = KeyFile.of(call.settings());
    try {
      file.create(key);
    } catch (FileAlreadyExistsException e) {
      console.problem(
          "liblink: there is a key for cluster '" + call.settings().cluster() + "' already");
      console.problem("  in " + file.path());
      console.problem(
          "  'liblink key show' shows its fingerprint, 'liblink key rotate' changes it");
      return 1;
    }
    console.line(key.fingerprint());
    console.say("Made " + file.path() + ", which only you can read.");
    console.say("To let another machine in, copy the file to it, and nothing else:");
    console.say("  " + KeyShowCommand.copy(file));
    return 0;
  }
}
