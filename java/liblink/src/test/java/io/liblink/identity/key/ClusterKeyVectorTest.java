package io.liblink.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.identity.ClusterKeyException;
import io.liblink.testing.Vectors;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ClusterKeyVectorTest {
  @TestFactory
  Stream<DynamicTest> aKeyIsReadAndWritten() {
    return Vectors.tests("trust.json", "keys", v -> {
      String text = v.get("key").asString();
      ClusterKey key = ClusterKey.parsePublished(text);

      assertThat(key.text()).isEqualTo(text);
      assertThat(HexFormat.of().formatHex(key.secret()))
          .isEqualTo(v.get("secret").asString());
      assertThat(key.fingerprint()).isEqualTo(v.get("fingerprint").asString());
    });
  }

  @TestFactory
  Stream<DynamicTest> whiteSpaceAndCapitalsAreForgiven() {
    return Vectors.tests(
        "trust.json",
        "forgivenKeys",
        v -> assertThat(ClusterKey.parsePublished(v.get("text").asString()).text())
            .isEqualTo(v.get("key").asString()));
  }

  @TestFactory
  Stream<DynamicTest> aBadKeyIsRefusedWithoutBeingShown() {
    return Vectors.tests("trust.json", "badKeys", v -> {
      String text = v.get("text").asString();

      assertThatThrownBy(() -> ClusterKey.parse(text))
          .isInstanceOfSatisfying(
              ClusterKeyException.class,
              e -> assertThat(e.reason().name()).isEqualTo(v.get("error").asString()))
          .message()
          .contains("liblink key new")
          .satisfies(m -> assertThat(longestCommonPart(m, text)).isLessThan(10));
    });
  }

  private static int longestCommonPart(String a, String b) {
    int longest = 0;
    for (int from = 0; from < b.length(); from++) {
      while (from + longest < b.length() && a.contains(b.substring(from, from + longest + 1))) {
        longest++;
      }
    }
    return longest;
  }
}
