package io.liblink.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.registry.Registries;
import io.liblink.registry.Registry;
import io.liblink.registry.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulUriTest {
  private final Map<String, String> env = new HashMap<>();

  private Settings parse(String uri) {
    return ConsulUri.parse(uri, name -> env.getOrDefault(name, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "consul:, 127.0.0.1:8500, false",
    "consul://, 127.0.0.1:8500, false",
    "consuls:, 127.0.0.1:8501, true",
    "consul://agent, agent:8500, false",
    "consul://agent/, agent:8500, false",
    "consul://agent:99, agent:99, false",
    "consuls://agent, agent:8501, true",
    "consul://[::1], [::1]:8500, false",
    "consul://[::1]:99, [::1]:99, false",
    "consul://10.0.0.7:8500?dc=eu, 10.0.0.7:8500, false",
    "consul://host?, host:8500, false",
    "consul:?dc=eu, 127.0.0.1:8500, false",
  })
  void theAgentIsWhereTheUriSays(String uri, String agent, boolean secure) {
    Settings settings = parse(uri);
    assertThat(settings.agent()).hasToString(agent);
    assertThat(settings.secure()).isEqualTo(secure);
    assertThat(settings.uri()).isEqualTo(uri);
  }

  @ParameterizedTest
  @CsvSource({
    "agent, false, agent:8500",
    "agent:99, false, agent:99",
    "http://agent:99, false, agent:99",
    "https://agent:99, true, agent:99",
    "https://agent, true, agent:8501",
  })
  void withoutAHostTheVariableOfConsulsOwnCommandCounts(
      String variable, boolean secure, String agent) {
    env.put("CONSUL_HTTP_ADDR", variable);
    assertThat(parse("consul:").agent()).hasToString(agent);
    assertThat(parse("consul:").secure()).isEqualTo(secure);
    assertThat(parse("consul://other").agent()).isEqualTo(new Address("other", 8500));
  }

  @Test
  void tlsByVariable() {
    env.put("CONSUL_HTTP_SSL", "true");
    env.put("CONSUL_CACERT", "/etc/ca.pem");
    env.put("CONSUL_CLIENT_CERT", "/etc/client.pem");
    env.put("CONSUL_CLIENT_KEY", "/etc/key.pem");
    Settings settings = parse("consul:");
    assertThat(settings.secure()).isTrue();
    assertThat(settings.agent().port()).isEqualTo(8501);
    assertThat(settings.caFile()).isEqualTo(Path.of("/etc/ca.pem"));
    assertThat(settings.certFile()).isEqualTo(Path.of("/etc/client.pem"));
    assertThat(settings.keyFile()).isEqualTo(Path.of("/etc/key.pem"));
    assertThat(parse("consul://host").caFile())
        .as("without TLS they count for nothing")
        .isNull();
    assertThat(parse("consuls://host?ca-file=/other").caFile()).isEqualTo(Path.of("/other"));
  }

  @Test
  void parametersAreRead() {
    Settings s = parse("consul://h?dc=a+b,c&token-file=/x%20y+z&ttl=1500ms");
    assertThat(s.datacenters()).containsExactly(List.of("a", "b"), List.of("c"));
    assertThat(s.allDatacenters()).containsExactly("a", "b", "c");
    assertThat(s.rank("a")).isEqualTo(s.rank("b")).isZero();
    assertThat(s.rank("c")).isOne();
    assertThat(s.tokenFile()).isEqualTo(Path.of("/x y+z"));
    assertThat(s.ttl()).isEqualTo(Duration.ofMillis(1500));
    assertThat(parse("consul:").allDatacenters()).containsExactly(Settings.OWN);
    assertThat(parse("consul:").ttl()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void theFileGoesBeforeTheTokenItself() {
    env.put("CONSUL_HTTP_TOKEN", "secret-of-the-environment");
    assertThat(parse("consul:").token()).isEqualTo("secret-of-the-environment");
    assertThat(parse("consul:").toString()).doesNotContain("secret");
    env.put("CONSUL_HTTP_TOKEN_FILE", "/run/token");
    assertThat(parse("consul:").token()).isEmpty();
    assertThat(parse("consul:").tokenFile()).isEqualTo(Path.of("/run/token"));
    assertThat(parse("consul:?token-file=/other").tokenFile()).isEqualTo(Path.of("/other"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consul:host",
        "consul:/host",
        "consul://host:port",
        "consul://host:0",
        "consul://host:99999",
        "consul://::1",
        "consul://a b",
        "consul://host/path",
        "consul://host?&",
        "consul://host?dc",
        "consul://host?dc=",
        "consul://host?dc=a,",
        "consul://host?dc=a,a",
        "consul://host?dc=a+",
        "consul://host?dc=a/b",
        "consul://host?dc=a&dc=b",
        "consul://host?colour=blue",
        "consul://host?ttl=10",
        "consul://host?ttl=0s",
        "consul://host?ttl=-1s",
        "consul://host?ttl=2h",
        "consul://host?ttl=999999999h",
        "consul://host?token-file=%",
        "consul://host?ca-file=/x",
        "consuls://host?cert-file=/x",
        "consuls://host?key-file=/x",
      })
  void whatIsWrongIsRefusedAndShown(String uri) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + uri + "': ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consul://user:hunter2@host",
        "consul://hunter2@host?colour=x",
        "consul://host?token=hunter2",
        "consul://host?dc=a&token=hunter2",
        "consul://host?TOKEN=hunter2",
        "consul://host?bad&acl_token=hunter2",
        "consul://host?password=hunter2",
      })
  void aSecretInTheUriIsRefusedAndNotShown(String uri) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token-file")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aSocketIsNoAddressHere() {
    env.put("CONSUL_HTTP_ADDR", "unix:///var/run/consul.sock");
    assertThatThrownBy(() -> parse("consul:")).hasMessageContaining("unix");
  }

  @Test
  void bothSchemesAreFound() {
    for (String scheme : List.of("consul", "consuls")) {
      String uri = scheme + "://127.0.0.1:1";
      try (Registry registry = Registries.open(uri, Samples.context("a"))) {
        assertThat(registry.uri()).isEqualTo(uri);
      }
    }
  }
}
