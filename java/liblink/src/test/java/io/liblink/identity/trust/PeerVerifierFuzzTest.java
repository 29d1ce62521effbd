package io.liblink.identity.trust;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * Hostile bytes give an identity or a refusal, never another exception. In an ordinary build the
 * stored inputs run; {@code JAZZER_FUZZ=1} looks for new ones. The fuzzer runs on JDK 17 only.
 */
@EnabledForJreRange(max = JRE.JAVA_17)
class PeerVerifierFuzzTest {
  private static final ClusterCa CA = ClusterCa.derive(new byte[32]);

  private final PeerVerifier verifier = new PeerVerifier("shop", List.of(CA), "a test");

  @FuzzTest(maxDuration = "60s")
  void aCertificateOfAnyBytes(byte[] der) {
    judge(der);
  }

  /** As a member could: with a good signature over whatever it likes. */
  @FuzzTest(maxDuration = "60s")
  void aSignedCertificateWithAnyExtensions(byte[] extensions) {
    if (extensions.length > 4096) {
      return;
    }
    Forge forge = new Forge(CA);
    byte[] fields = Der.sequence(
        forge.version,
        Forge.hex("020101"),
        forge.algorithm,
        forge.issuer,
        Der.sequence(forge.notBefore, forge.notAfter),
        Der.sequence(),
        forge.spki,
        Der.tlv(0xa3, Der.sequence(extensions)));
    judge(CA.certify(fields));
  }

  private void judge(byte[] der) {
    for (PeerPart part : PeerPart.values()) {
      try {
        verifier.verify(Arrays.copyOf(der, der.length), part, Forge.NOW);
      } catch (PeerRefusedException e) {
        if (!e.getMessage().matches("[ -~]{30,700}")) {
          throw new AssertionError("unfit for a log: " + e.getMessage(), e);
        }
      }
    }
  }
}
