package io.liblink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.pipeline.LedgerModel.Hand;
import io.liblink.testing.Gen;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerPropertyTest {
  @Test
  void everyItemIsSettledOrGivenUpOnceWhateverWorkersDo() {
    Gen.check(1500, gen -> {
      LedgerModel model = new LedgerModel(
          gen,
          gen.between(1, 6),
          gen.between(1, 1000),
          gen.between(0, 199),
          200 + gen.between(0, 999));
      int steps = gen.between(1, 300);
      for (int i = 0; i < steps; i++) {
        step(gen, model);
      }
      finish(model);
      assertThat(model.open()).isZero();
      assertThat(model.ledger.items()).isZero();
    });
  }

  @Test
  void withManyAttemptsAndAWorkerThatStaysNothingIsGivenUp() {
    Gen.check(300, gen -> {
      LedgerModel model = new LedgerModel(gen, 1_000_000, 500, 10, 100);
      int steps = gen.between(1, 200);
      for (int i = 0; i < steps; i++) {
        chaos(gen, model);
      }
      finish(model);
      assertThat(model.open()).isZero();
      assertThat(model.dead()).isZero();
    });
  }

  @Test
  void whatIsLeftAtTheEndIsHandedOutWhole() {
    Gen.check(300, gen -> {
      LedgerModel model = new LedgerModel(gen, 3, 500, 10, 100);
      int steps = gen.between(1, 200);
      for (int i = 0; i < steps; i++) {
        step(gen, model);
      }
      long open = model.open();
      List<PushedItem> left = model.ledger.abandon();
      assertThat(left).hasSize((int) open).doesNotHaveDuplicates();
      assertThat(model.ledger.waiting() + model.ledger.inFlight()).isZero();
    });
  }

  private static void step(Gen gen, LedgerModel model) {
    switch (gen.between(0, 19)) {
      case 0, 1 -> reject(gen, model, false);
      case 2 -> model.bury();
      default -> chaos(gen, model);
    }
  }

  /** Everything but a rejection for good. */
  private static void chaos(Gen gen, LedgerModel model) {
    boolean none = model.hands.isEmpty();
    switch (gen.between(0, 11)) {
      case 0, 1 -> model.push(gen.between(1, 20));
      case 2 -> {
        if (model.hands.size() < 6) {
          model.join(gen.between(0, 2) == 0);
        }
      }
      case 3, 4 -> {
        if (!none) {
          model.grant(model.any(), gen.between(1, 10));
        }
      }
      case 5, 6, 7 -> {
        if (!none) {
          Hand hand = model.any();
          PushedItem item = model.anyOf(hand);
          if (item != null) {
            model.acknowledge(hand, item);
          }
        }
      }
      case 8 -> reject(gen, model, true);
      case 9 -> {
        if (!none) {
          if (gen.between(0, 2) == 0) {
            model.retire(model.any());
          } else {
            model.end(model.any(), gen.between(0, 1) == 0);
          }
        }
      }
      default -> model.advance(gen.between(1, 400));
    }
  }

  private static void reject(Gen gen, LedgerModel model, boolean retryable) {
    if (!model.hands.isEmpty()) {
      Hand hand = model.any();
      PushedItem item = model.anyOf(hand);
      int kind = retryable ? gen.between(0, 2) : 3;
      if (item != null) {
        model.reject(
            hand, item, LedgerModel.REJECTIONS[kind == 1 ? 2 : kind == 2 ? 3 : kind == 3 ? 1 : 0]);
      }
    }
  }

  /** A worker that stays and is done with all that it gets; the others vanish. */
  private static void finish(LedgerModel model) {
    while (!model.hands.isEmpty()) {
      model.end(model.hands.get(0), true);
    }
    Hand last = model.join(false);
    model.grant(last, 1_000_000);
    for (int i = 0; i < 10_000 && model.ledger.items() > 0; i++) {
      for (PushedItem item : List.copyOf(last.unsettled.keySet())) {
        model.acknowledge(last, item);
      }
      model.bury();
      model.advance(50);
    }
  }
}
