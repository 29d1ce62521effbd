package io.liblink.proof.process;

import io.liblink.Node;
import io.liblink.NodeOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a {@link Role} is told, and how it answers. Thread-safe. */
public final class Part {
  /** Answers a question of the proof. */
  @FunctionalInterface
  public interface Answer {
    /** The facts asked for; {@code words} is what followed the command. */
    Facts to(String words) throws Exception;
  }

  private final Facts told;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  Part(Facts told) {
    this.told = told;
  }

  /** What the proof said when it started this process. */
  public Facts told() {
    return told;
  }

  /** From now on the answer to that command. */
  public void on(String command, Answer answer) {
    answers.put(command, answer);
  }

  @Nullable
  Answer answer(String command) {
    return answers.get(command);
  }

  /** Joins the cluster of the proof; the node lives as long as the process. */
  public Node join(String name, UnaryOperator<NodeOptions> change) {
    return Node.join(change.apply(NodeOptions.cluster("proof")
        .name(name)
        .registry("local:" + told.text("registry"))
        .keyFile(Path.of(told.text("key")))
        .bind("127.0.0.1:0")
        .advertise()));
  }

  /** Joins under the name of the process. */
  public Node join() {
    return join(told.text("name"), o -> o);
  }
}
