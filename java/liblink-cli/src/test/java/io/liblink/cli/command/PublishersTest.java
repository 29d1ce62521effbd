package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.delivery.Gap;
import io.liblink.delivery.PublisherState;
import io.liblink.delivery.PublisherState.Phase;
import io.liblink.message.NodeId;
import org.junit.jupiter.api.Test;

class PublishersTest {
  private static final NodeId ID = new NodeId(0xabcL << 52, 1);

  private static String words(Phase phase, long last, long received, String problem) {
    return Publishers.words(
        new PublisherState(ID, "shop-1", "shop/changed", phase, 7, last, received, 0, problem));
  }

  @Test
  void aGapSaysHowManyWhichAndWhy() {
    assertThat(Publishers.words(new Gap("shop/changed", ID, "shop-1", 1_344, 40, Gap.Reason.QUEUE)))
        .isEqualTo("40 messages of shop/changed from shop-1@abc00000 will not come, up to number"
            + " 1,344: more waited than the queue takes");
    assertThat(Publishers.words(new Gap("shop/changed", ID, "shop-1", 7, 1, Gap.Reason.SIZE)))
        .contains("1 message of ")
        .contains(", number 7: larger");
  }

  @Test
  void whatBecomesOfAPublisherIsTold() {
    assertThat(words(Phase.ACTIVE, 0, 0, ""))
        .isEqualTo("joined shop/changed at shop-1@abc00000, from number 7 on");
    assertThat(words(Phase.ACTIVE, 12, 6, "")).contains("back at").contains("behind number 12");
    assertThat(words(Phase.LOST, 12, 6, "connection reset"))
        .isEqualTo("lost shop/changed at shop-1@abc00000: connection reset");
    assertThat(words(Phase.GONE, 12, 6, ""))
        .endsWith("gone: shop/changed at shop-1@abc00000, after 6 messages");
    assertThat(words(Phase.REFUSED, 0, 0, "PERMISSION_DENIED: no"))
        .endsWith("@abc00000: PERMISSION_DENIED: no");
    assertThat(words(Phase.CONNECTING, 0, 0, "refused")).startsWith("trying ");
  }

  @Test
  void aPhaseIsToldOnceAndAReturnToItAgain() {
    Screen screen = new Screen();
    Publishers publishers = new Publishers(screen.console);
    for (Phase phase : new Phase[] {Phase.LOST, Phase.LOST, Phase.ACTIVE, Phase.LOST}) {
      publishers.changed(
          new PublisherState(ID, "shop-1", "shop/changed", phase, 7, 9, 3, 0, "problem"));
    }

    assertThat(screen.err().lines()).hasSize(3);
  }
}
