package io.liblink.identity.x509;

import static org.assertj.core.api.Assertions.assertThat;

import io.liblink.testing.Vectors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.spec.ECPoint;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class ClusterCaVectorTest {
  private static final HexFormat HEX = HexFormat.of();

  @TestFactory
  Stream<DynamicTest> aSecretGivesThisCaToTheByte() {
    return Vectors.tests("trust.json", "keys", v -> {
      byte[] secret = hex(v, "secret");
      ClusterCa ca = ClusterCa.derive(secret);
      byte[] certificate = ca.certificate();

      assertThat(HEX.formatHex(ClusterCa.outputKey(secret))).isEqualTo(text(v, "okm"));
      assertThat(ca.scalar()).isEqualTo(number(v, "scalar"));
      assertThat(HEX.formatHex(ca.publicKey().getEncoded())).endsWith(text(v, "publicKey"));
      assertThat(ca.fingerprint()).isEqualTo(text(v, "fingerprint"));
      assertThat(HEX.formatHex(ca.keyId())).isEqualTo(text(v, "subjectKeyId"));
      assertThat(HEX.formatHex(certificate)).isEqualTo(text(v, "certificate"));
      assertThat(HEX.formatHex(certificate)).contains("0210" + text(v, "serial"));
      assertThat(HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(certificate)))
          .isEqualTo(text(v, "certificateSha256"));
    });
  }

  @TestFactory
  Stream<DynamicTest> theScalarStaysInItsRange() {
    return Vectors.tests(
        "trust.json",
        "scalars",
        v -> assertThat(ClusterCa.scalar(hex(v, "okm"))).isEqualTo(number(v, "scalar")));
  }

  @TestFactory
  Stream<DynamicTest> aScalarGivesThisPoint() {
    return Vectors.tests("trust.json", "points", v -> {
      ECPoint point = P256.multiplyBase(number(v, "scalar"));

      assertThat("04"
              + HEX.formatHex(P256.bytes32(point.getAffineX()))
              + HEX.formatHex(P256.bytes32(point.getAffineY())))
          .isEqualTo(text(v, "publicKey"));
    });
  }

  @TestFactory
  Stream<DynamicTest> aSignatureFollowsFromKeyAndMessage() {
    return Vectors.tests("trust.json", "signatures", v -> {
      byte[] message = text(v, "messageText").getBytes(StandardCharsets.US_ASCII);
      byte[] expected = Der.sequence(
          Der.tlv(Der.INTEGER, number(v, "r").toByteArray()),
          Der.tlv(Der.INTEGER, number(v, "s").toByteArray()));

      assertThat(P256.sign(number(v, "scalar"), message)).isEqualTo(expected);
    });
  }

  private static String text(JsonNode v, String field) {
    return v.get(field).asString();
  }

  private static byte[] hex(JsonNode v, String field) {
    return HEX.parseHex(text(v, field));
  }

  private static BigInteger number(JsonNode v, String field) {
    return new BigInteger(text(v, field), 16);
  }
}
