package io.liblink.registry.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.Samples;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsUriTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      dns:example.org                             | _pricing._tcp.example.org         | 0
      dns:example.org.                            | _pricing._tcp.example.org         | 0
      dns:internal                                | _pricing._tcp.internal            | 0
      dns:_liblink._tcp.{service}.ns.svc.cluster  | _liblink._tcp.pricing.ns.svc.cluster | 0
      dns:_{service}._tls.example.org             | _pricing._tls.example.org         | 0
      dns:{service}.example.org:7400              | pricing.example.org               | 7400
      dns:{service}:7400                          | pricing                           | 7400
      dns:nodes.example.org:7400                  | nodes.example.org                 | 7400
      dns:///example.org                          | _pricing._tcp.example.org         | 0
      dns://10.0.0.1/example.org?every=2s         | _pricing._tcp.example.org         | 0
      dns://10.0.0.1/{service}:1                  | pricing                           | 1
      """)
  void theNameIsWhatItSays(String uri, String name, int port) throws DnsException {
    DnsUri parsed = DnsUri.parse(uri);
    assertThat(parsed.nameOf("pricing")).isEqualTo(name);
    assertThat(parsed.port()).isEqualTo(port);
    assertThat(parsed.isSrv()).isEqualTo(port == 0);
  }

  @Test
  void serversMayBeNamed() {
    assertThat(DnsUri.parse("dns:example.org").servers()).isEmpty();
    assertThat(
            DnsUri.parse("dns://10.0.0.1,[::1]:5353,[fe80::1],ns/example.org").servers())
        .containsExactly(
            new Address("10.0.0.1", 53),
            new Address("::1", 5353),
            new Address("fe80::1", 53),
            new Address("ns", 53));
  }

  @Test
  void theIntervalMayBeGiven() {
    assertThat(DnsUri.parse("dns:a.b").every()).isEqualTo(Duration.ofSeconds(5));
    assertThat(DnsUri.parse("dns:a.b?every=1m").every()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      dns:                          | no name
      dns://10.0.0.1                | nothing to ask them for
      dns://10.0.0.1/               | no name
      dns:///                       | no name
      dns:a..b                      | no name
      dns:.a                        | no name
      dns:a b                       | no name
      dns:a/b                       | no name
      dns:ä.org                     | no name
      dns:{service}.{service}.org   | no name
      dns:{other}.org               | no name
      dns:a.org:0                   | port
      dns:a.org:99999               | port
      dns:a.org:                    | port
      dns:a.org:+1                  | port
      dns:a.org:x                   | port
      dns://10.0.0.1:0/a.org        | port 0
      dns://10.0.0.1,/a.org         | not an address
      dns://::1/a.org               | brackets
      dns:a.org?                    | every=
      dns:a.org?every=5             | every=
      dns:a.org?every=10ms          | every=
      dns:a.org?every=2h            | every=
      dns:a.org?ttl=5s              | every=
      dns:a.org?every=5s&every=6s   | every=
      """)
  void whatIsWrongIsSaid(String uri, String words) {
    assertThatThrownBy(() -> DnsUri.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aNameThatDnsCanNotHoldIsSaid() {
    DnsUri uri = DnsUri.parse("dns:example.org");
    assertThatThrownBy(() -> uri.nameOf("a".repeat(63)))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("63");
    DnsUri deep = DnsUri.parse("dns:{service}." + "abcdefgh.".repeat(24) + "org");
    assertThatThrownBy(() -> deep.nameOf("a".repeat(60))).hasMessageContaining("too long");
  }

  @Test
  void theSchemeIsFound() {
    try (Registry registry = Registries.open("dns:example.test", Samples.context("a"))) {
      assertThat(registry).isInstanceOf(DnsRegistry.class);
      assertThat(registry.staleness()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(30));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      0 5 7401 a.example.test.  | 0     | 5     | 7401  | a.example.test
      65535 65535 65535 a       | 65535 | 65535 | 65535 | a
      """)
  void recordsAreRead(String text, int priority, int weight, int port, String target)
      throws DnsException {
    assertThat(JndiResolver.record("x", text))
        .isEqualTo(new Resolver.Srv(priority, weight, port, target));
  }

  @ParameterizedTest
  @CsvSource({"''", "1 2 3", "1 2 3 a b", "-1 0 0 a", "0 65536 0 a", "0 0 x a", "1.5 0 0 a"})
  void whatIsNoRecordIsRefused(String text) {
    assertThatThrownBy(() -> JndiResolver.record("x", text)).isInstanceOf(DnsException.class);
  }

  @Test
  void aRootTargetIsNowhere() throws DnsException {
    assertThat(JndiResolver.record("x", "0 0 0 .").isNowhere()).isTrue();
  }
}
