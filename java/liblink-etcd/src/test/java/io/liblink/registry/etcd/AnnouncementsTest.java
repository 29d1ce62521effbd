package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.registry.Await;
import io.liblink.registry.Instance;
import io.liblink.registry.Samples;
import io.liblink.registry.etcd.Announcements.Wish;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
  private final Announcements announcements = new Announcements();
  private final Instance pricing = Samples.instance("pricing", Samples.context("a"), 7000);

  @Test
  void aWishIsThereUntilItIsFulfilled() {
    CompletionStage<Void> stage = announcements.announce(pricing);
    Wish wish = announcements.all().get(0);
    assertThat(wish.instance()).isEqualTo(pricing);
    announcements.fulfilled(wish);
    Await.get(stage);
    assertThat(announcements.all()).as("it is to stay announced").containsExactly(wish);
  }

  @Test
  void aRemovalIsForgottenWhenItIsFulfilled() {
    announcements.announce(pricing);
    CompletionStage<Void> stage = announcements.withdraw("pricing");
    assertThat(announcements.all()).singleElement().matches(w -> w.instance() == null);
    announcements.fulfilled(announcements.all().get(0));
    Await.get(stage);
    assertThat(announcements.all()).isEmpty();
  }

  @Test
  void whoeverWaitsHearsOfTheNewestOnly() {
    CompletionStage<Void> first = announcements.announce(pricing);
    Wish old = announcements.all().get(0);
    CompletionStage<Void> second = announcements.announce(pricing.withReady(false));
    announcements.fulfilled(old);
    assertThat(first.toCompletableFuture()).isNotDone();
    announcements.fulfilled(announcements.all().get(0));
    Await.get(first);
    Await.get(second);
  }

  @Test
  void aRemovalThatWasOvertakenDoesNotForgetTheNewWish() {
    announcements.announce(pricing);
    announcements.withdraw("pricing");
    Wish removal = announcements.all().get(0);
    announcements.announce(pricing);
    announcements.fulfilled(removal);
    assertThat(announcements.all()).singleElement().matches(w -> w.instance() != null);
  }

  @Test
  void whatWillNeverBeIsRefusedAndForgotten() {
    CompletionStage<Void> stage = announcements.announce(pricing);
    announcements.refused(announcements.all().get(0), "too large");
    assertThat(Await.failure(stage)).hasMessageContaining("too large");
    assertThat(announcements.all()).isEmpty();
  }

  @Test
  void removingWhatWasNeverThereIsDone() {
    Await.get(announcements.withdraw("pricing"));
    assertThat(announcements.all()).isEmpty();
  }

  @Test
  void closingFailsWhoWaitsAndWhoComesLater() {
    CompletionStage<Void> waiting = announcements.announce(pricing);
    announcements.close();
    announcements.close();
    assertThat(Await.failure(waiting)).hasMessageContaining("closed");
    assertThat(Await.failure(announcements.announce(pricing))).hasMessageContaining("closed");
    assertThat(announcements.all()).isEmpty();
  }
}
