package io.liblink.registry.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import io.liblink.registry.Await;
import io.liblink.registry.dns.Resolver.Srv;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the resolver makes of everything that a real server says, and of its silence. */
class NsdResolverTest {
  private static NsdServer server;
  private static Resolver resolver;

  @BeforeAll
  static void start() {
    String many = IntStream.range(0, 200)
        .mapToObj(i -> "_many._tcp SRV 0 1 " + (7000 + i) + " a-rather-long-host-name-" + i)
        .collect(Collectors.joining("\n"));
    server = NsdServer.start("""
        _pricing._tcp SRV 0 5 7401 a
        _pricing._tcp SRV 1 0 7402 b
        _gone._tcp SRV 0 0 0 .
        _alias._tcp CNAME _pricing._tcp
        a A 127.0.0.1
        b AAAA ::1
        b A 127.0.0.2
        b A 127.0.0.3
        c CNAME b
        empty TXT "something else"
        """ + many + "\n");
    resolver = new JndiResolver(List.of(Address.parse(server.authority())));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void recordsAreFound() throws DnsException {
    assertThat(resolver.srv("_pricing._tcp.example.test"))
        .containsExactlyInAnyOrder(
            new Srv(0, 5, 7401, "a.example.test"), new Srv(1, 0, 7402, "b.example.test"));
    assertThat(resolver.srv("_alias._tcp.example.test")).hasSize(2);
    assertThat(resolver.srv("_gone._tcp.example.test")).singleElement().matches(Srv::isNowhere);
  }

  @Test
  void addressesOfBothKindsAreFoundAlsoBehindAnAlias() throws DnsException {
    assertThat(resolver.addresses("a.example.test")).containsExactly("127.0.0.1");
    assertThat(resolver.addresses("b.example.test"))
        .hasSize(3)
        .contains("127.0.0.2", "127.0.0.3")
        .last()
        .matches(a -> a.contains(":"));
    assertThat(resolver.addresses("c.example.test")).hasSize(3);
  }

  @Test
  void anAnswerThatIsTooLongForAPacketComesByTcp() throws DnsException {
    assertThat(resolver.srv("_many._tcp.example.test")).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void noSuchNameAndNoSuchRecordAreAnswers() throws DnsException {
    assertThat(resolver.srv("_nothing._tcp.example.test")).isNull();
    assertThat(resolver.addresses("nothing.example.test")).isNull();
    assertThat(resolver.srv("empty.example.test")).isEmpty();
    assertThat(resolver.addresses("empty.example.test")).isEmpty();
  }

  @Test
  void refusalsAndFailuresAreNoAnswers() {
    assertThatThrownBy(() -> resolver.srv("_x._tcp.elsewhere.test"))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> resolver.srv("_x._tcp.broken.test"))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("SERVFAIL");
  }

  @Test
  void silenceIsNoAnswerAndDoesNotLastLong() {
    server.process().pause();
    try {
      assertThatThrownBy(() -> resolver.srv("_pricing._tcp.example.test"))
          .isInstanceOf(DnsException.class)
          .hasMessageContaining("no answer");
    } finally {
      server.process().resume();
    }
    Await.until("it answers again", () -> "", () -> {
      try {
        return resolver.srv("_pricing._tcp.example.test") != null;
      } catch (DnsException e) {
        return false;
      }
    });
  }

  @Test
  void aPortWhereNobodyListensIsSaidAtOnce() {
    Resolver nobody = new JndiResolver(
        List.of(new Address("127.0.0.1", io.liblink.testing.ServerProcess.freePort())));
    assertThatThrownBy(() -> nobody.srv("_pricing._tcp.example.test"))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("can't be reached");
  }

  @Test
  void theSecondServerIsAskedWhenTheFirstIsNotThere() throws DnsException {
    Resolver both = new JndiResolver(List.of(
        new Address("127.0.0.1", io.liblink.testing.ServerProcess.freePort()),
        Address.parse(server.authority())));
    assertThat(both.srv("_pricing._tcp.example.test")).hasSize(2);
  }
}
