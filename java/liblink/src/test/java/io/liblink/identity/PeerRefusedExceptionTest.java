package io.liblink.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.identity.PeerRefusedException.Reason;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class PeerRefusedExceptionTest {
  @Test
  void itIsFoundBehindWhatAProviderThrows() {
    PeerRefusedException refused = new PeerRefusedException(Reason.FORGED, "forged");
    Throwable wrapped = new RuntimeException(new SSLHandshakeException("x").initCause(refused));

    assertThat(PeerRefusedException.in(wrapped)).isSameAs(refused);
    assertThat(PeerRefusedException.in(refused)).isSameAs(refused);
    assertThat(refused.getStackTrace()).isEmpty();
  }

  @Test
  void otherFailuresAreNoRefusals() {
    assertThat(PeerRefusedException.in(null)).isNull();
    assertThat(PeerRefusedException.in(new SSLHandshakeException(null))).isNull();
    assertThat(PeerRefusedException.in(new SSLHandshakeException("bad_certificate")))
        .isNull();
  }

  @Test
  void anEndlessChainOfCausesEnds() {
    RuntimeException first = new RuntimeException("a");
    RuntimeException second = new RuntimeException("b", first);
    first.initCause(second);

    assertThat(PeerRefusedException.in(first)).isNull();
  }
}
