package io.liblink.proof.process;

import io.liblink.Node;
import io.liblink.Service;
import java.io.IOException;

/** Answers with what it is told, and serves it. */
public final class EchoRole implements Role {
  private long asked;

  @Override
  public void start(Part part) throws IOException {
    if (part.told().values().containsKey("broken")) {
      throw new IOException("told to break");
    }
    Node node = part.join();
    node.serve(Service.named("echo").method("name", String.class, text -> node.name() + text));
    System.out.println("ok this is no answer");
    part.on("echo", words -> Facts.of("asked", ++asked, "words", words));
    part.on("fail", words -> {
      throw new IOException(words);
    });
    part.on("hang", words -> {
      Thread.sleep(60_000);
      return Facts.NONE;
    });
  }
}
