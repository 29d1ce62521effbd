package io.liblink.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdUriTest {
  private static Settings parse(String uri) {
    return EtcdUri.parse(uri, Map.of());
  }

  @Test
  void theShortestHasDefaults() {
    Settings s = parse("etcd://db");
    assertThat(s.members()).containsExactly(new Address("db", 2379));
    assertThat(s.tls()).isFalse();
    assertThat(s.prefix()).isEqualTo("/liblink");
    assertThat(s.ttl()).isEqualTo(Duration.ofSeconds(10));
    assertThat(s.user()).isEmpty();
    assertThat(s.password()).isNull();
  }

  @Test
  void theLongestHasAll() {
    Settings s = EtcdUri.parse(
        "etcds://a:1,[::1]:2,[fe80::1],b/x/y-1/?ttl=1m&user=me&ca=/c%20a&cert=/c+d&key=/e",
        Map.of("LIBLINK_ETCD_PASSWORD", "p"));
    assertThat(s.members())
        .containsExactly(
            new Address("a", 1),
            new Address("::1", 2),
            new Address("fe80::1", 2379),
            new Address("b", 2379));
    assertThat(s.tls()).isTrue();
    assertThat(s.prefix()).isEqualTo("/x/y-1");
    assertThat(s.ttl()).isEqualTo(Duration.ofMinutes(1));
    assertThat(s.user()).isEqualTo("me");
    assertThat(s.password()).isEqualTo("p");
    assertThat(s.ca()).isEqualTo(Path.of("/c a"));
    assertThat(s.certificate()).isEqualTo(Path.of("/c+d"));
    assertThat(s).asString().doesNotContain("password=p");
  }

  @Test
  void theEnvironmentGivesWhatTheUriDoesNot() {
    Map<String, String> environment = Map.of(
        "LIBLINK_ETCD_USER", "you",
        "LIBLINK_ETCD_PASSWORD", "p",
        "LIBLINK_ETCD_PASSWORD_FILE", "/from/environment");
    assertThat(EtcdUri.parse("etcd://a", environment).user()).isEqualTo("you");
    assertThat(EtcdUri.parse("etcd://a", environment).passwordFile())
        .isEqualTo(Path.of("/from/environment"));
    Settings s = EtcdUri.parse("etcd://a?user=me&password-file=/mine", environment);
    assertThat(s.user()).isEqualTo("me");
    assertThat(s.passwordFile()).isEqualTo(Path.of("/mine"));
    assertThat(s.password()).as("the file goes before").isNull();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      etcd:                               | has no host
      etcd:db:2379                        | has no host
      etcd://                             | empty host
      etcd://a,                           | empty host
      etcd://a,,b                         | empty host
      etcd:///prefix                      | empty host
      etcd://a:0                          | port 0
      etcd://a:99999                      | not between
      etcd://a:x                          | not a number
      etcd://::1                          | brackets
      etcd://a b                          | not a host
      etcd://a/x y                        | prefix
      etcd://a/x//y                       | prefix
      etcd://a/%2e                        | prefix
      etcd://a/1/2/3/4/5/6/7/8/9          | prefix
      etcd://a?ttl                        | wants one value
      etcd://a?ttl=                       | wants one value
      etcd://a?ttl=5s&ttl=6s              | wants one value
      etcd://a?ttl=1s                     | whole seconds from 2s
      etcd://a?ttl=2500ms                 | whole seconds
      etcd://a?ttl=2h                     | whole seconds from 2s to 1h
      etcd://a?ttl=10                     | whole seconds
      etcd://a?ttl=-3s                    | whole seconds
      etcd://a?ttl=9999999s               | whole seconds
      etcd://a?user=%zz                   | hexadecimal
      etcd://a?user=me                    | whose password is not known
      etcd://a?what=1                     | no option of etcd
      etcd://a?&                          | no option of etcd
      etcd://a?ca=/x                      | etcds://
      etcds://a?cert=/x                   | belong together
      etcds://a?key=/x                    | belong together
      """)
  void whatIsWrongIsSaid(String uri, String words) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcd://me:s3cret@db",
        "etcd://me:s3cret@db?user=a",
        "etcd://db?password=s3cret",
        "etcd://db?user=me&passwort=s3cret",
        "etcd://db?ttl=5s&s3cret-is-the-password=1",
        "etcd:me:s3cret@db"
      })
  void aPasswordInAUriIsRefusedAndNotRepeated(String uri) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .satisfies(m -> assertThat(uri.startsWith("etcd://db?ttl") || !m.contains("s3cret"))
            .as(m)
            .isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd://127.0.0.1:1", "etcds://127.0.0.1:1"})
  void bothSchemesAreFoundBesideLiblink(String uri) {
    try (Registry registry = Registries.open(uri, Samples.context("a"))) {
      assertThat(registry).isInstanceOf(EtcdRegistry.class);
      assertThat(registry.uri()).isEqualTo(uri);
      assertThat(registry.staleness()).isGreaterThan(Duration.ofSeconds(10));
    }
  }
}
