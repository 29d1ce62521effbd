package io.liblink.proof.discovery;

import io.liblink.Node;
import io.liblink.Service;
import io.liblink.Trait;
import io.liblink.message.Message;
import io.liblink.proof.process.Facts;
import io.liblink.proof.process.Part;
import io.liblink.proof.process.Role;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An instance of {@code work}, whose method {@code where} answers with its name and the attempt. {@code called} tells when
 * it was announced and first called, {@code leave} closes its node and tells how that went. Times are those of the machine's
 * monotonic clock, in nanoseconds.
 */
public final class InstanceRole implements Role {
  private final AtomicLong first = new AtomicLong();
  private volatile long last;

  @Override
  public void start(Part part) {
    String name = part.told().text("name");
    Node node = part.join(name, o -> o.registry(part.told().text("discover")));
    long announced = System.nanoTime();
    node.serve(Service.named("work")
        .method(
            "where",
            request -> {
              last = System.nanoTime();
              first.compareAndSet(0, last);
              return Message.text(name + " " + request.attempt());
            },
            Trait.IDEMPOTENT));
    part.on("called", words -> Facts.of("announced", announced, "first", first.get()));
    part.on("leave", words -> {
      long begin = System.nanoTime();
      node.close();
      return Facts.of("took", System.nanoTime() - begin, "last", Math.max(0, last - begin));
    });
  }
}
