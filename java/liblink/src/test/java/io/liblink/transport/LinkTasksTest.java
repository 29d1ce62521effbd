package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.session.Session;
import io.liblink.session.SessionTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkTasksTest {
  private final TwoTransports transports = new TwoTransports();

  @AfterEach
  void end() {
    transports.close();
  }

  @Test
  void aTaskThatFailsIsAbandonedAndEndsTheLinkForThoseBehindIt() throws Exception {
    Link link = transports.link();
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<String> behind = new CompletableFuture<>();
    link.execute(() -> {
      link.submit(new Task(failing) {
        @Override
        public void run(Session session, long now) {
          throw new IllegalStateException("a bug");
        }
      });
      link.submit(new Task(behind) {
        @Override
        public void run(Session session, long now) {
          behind.complete("ran");
        }
      });
    });
    assertThat(failing.get(20, TimeUnit.SECONDS)).isEqualTo("internal error");
    assertThat(behind.get(20, TimeUnit.SECONDS)).isEqualTo("internal error");
    assertThat(link.isOpen()).isFalse();
  }

  private abstract static class Task extends SessionTask {
    private final CompletableFuture<String> abandoned;

    Task(CompletableFuture<String> abandoned) {
      this.abandoned = abandoned;
    }

    @Override
    public void abandon(String reason, long now) {
      abandoned.complete(reason);
    }
  }
}
