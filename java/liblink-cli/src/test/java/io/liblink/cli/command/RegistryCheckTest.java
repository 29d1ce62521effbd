package io.liblink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryCheckTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "consul | nobody listens at 127.0.0.1:8500: is the Consul agent running? | consul agent",
        "consuls | no TLS with the agent: Unrecognized SSL message | consuls://",
        "consul | the agent answered 403: Permission denied | CONSUL_HTTP_TOKEN_FILE",
        "consul | ACL not found | CONSUL_HTTP_TOKEN_FILE",
        "etcd | etcd at 127.0.0.1:1: connection refused | endpoint health",
        "etcds | anything | docs/guide/etcd.md",
        "local | anything | LIBLINK_RUNTIME_DIR",
        "other | anything | did not get to it",
      })
  void eachKindSaysWhatHelps(String scheme, String problem, String help) {
    assertThat(RegistryCheck.hint(scheme, problem)).contains(help);
  }
}
