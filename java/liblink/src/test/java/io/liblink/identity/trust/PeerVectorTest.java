package io.liblink.identity.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.testing.Vectors;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class PeerVectorTest {
  private final JsonNode file = Vectors.file("trust.json");
  private final JsonNode setting = file.get("peerSetting");
  private final long now = Instant.parse(setting.get("now").asString()).toEpochMilli();
  private final PeerVerifier verifier =
      new PeerVerifier(setting.get("cluster").asString(), List.of(ca(0), ca(1)), "a test");

  @TestFactory
  Stream<DynamicTest> aPeerIsJudgedAsTheSpecificationSays() {
    return Vectors.tests("trust.json", "peers", v -> {
      byte[] der = HexFormat.of().parseHex(v.get("certificate").asString());
      PeerPart part = switch (v.get("peerIs").asString()) {
        case "client" -> PeerPart.DIALER;
        case "server" -> PeerPart.ACCEPTOR;
        default -> throw new IllegalArgumentException(v.toString());
      };
      if (v.has("error")) {
        PeerRefusedException e =
            catchThrowableOfType(PeerRefusedException.class, () -> verifier.verify(der, part, now));
        assertThat(e.reason().name()).isEqualTo(v.get("error").asString());
      } else {
        Identity identity = verifier.verify(der, part, now);
        JsonNode expected = v.get("identity");
        Set<String> roles = new TreeSet<>();
        expected.get("roles").forEach(r -> roles.add(r.asString()));

        assertThat(identity.spiffeId()).isEqualTo(expected.get("id").asString());
        assertThat(identity.issuer()).isEqualTo(expected.get("issuer").asString());
        assertThat(identity.roles()).isEqualTo(roles);
      }
    });
  }

  private ClusterCa ca(int index) {
    ClusterCa ca = ClusterCa.derive(
        HexFormat.of().parseHex(file.get("keys").get(index).get("secret").asString()));
    assertThat(ca.fingerprint()).isEqualTo(setting.get("trusted").get(index).asString());
    return ca;
  }
}
