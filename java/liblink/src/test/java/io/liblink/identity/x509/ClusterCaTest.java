package io.liblink.identity.x509;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Gen;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECPoint;
import org.junit.jupiter.api.Test;

class ClusterCaTest {
  @Test
  void theCertificateVerifiesByItselfAndSaysWhatItIs() throws Exception {
    Gen.check(20, gen -> {
      ClusterCa ca = ClusterCa.derive(secret(gen));
      X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(ca.certificate()));

      certificate.verify(ca.publicKey());
      assertThat(certificate.getBasicConstraints()).isZero();
      assertThat(certificate.getKeyUsage()).startsWith(false, false, false, false, false, true);
      assertThat(certificate.getSubjectX500Principal().getName())
          .isEqualTo("CN=" + ca.fingerprint());
      assertThat(certificate.getIssuerX500Principal().getEncoded()).isEqualTo(ca.name());
      assertThat(certificate.getSerialNumber()).isPositive();
      assertThat(certificate.getTBSCertificate()).hasSize(313);
    });
  }

  @Test
  void twoDerivationsAgreeToTheByte() {
    Gen.check(20, gen -> {
      byte[] secret = secret(gen);

      assertThat(ClusterCa.derive(secret).certificate())
          .isEqualTo(ClusterCa.derive(secret).certificate());
    });
  }

  @Test
  void thePointIsTheOneThatVerifiesWhatTheScalarSigned() {
    Gen.check(100, gen -> {
      BigInteger d = ClusterCa.scalar(P256.concat(secret(gen), new byte[16]));
      ECPoint point = P256.multiplyBase(d);
      byte[] message = gen.bytes(200);

      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initVerify(P256.publicKey(point));
      ecdsa.update(message);
      assertThat(ecdsa.verify(P256.sign(d, message))).isTrue();
    });
  }

  @Test
  void neitherTheSecretNorTheScalarIsShown() {
    ClusterCa ca = ClusterCa.derive(new byte[32]);

    assertThat(ca).hasToString(ca.fingerprint());
  }

  private static byte[] secret(Gen gen) {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) gen.between(0, 255);
    }
    return secret;
  }
}
