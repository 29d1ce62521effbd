package io.liblink.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.identity.key.ClusterKey;
import io.liblink.message.Address;
import io.liblink.status.LinkException;
import io.liblink.status.Status;
import io.liblink.telemetry.Counters;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeveralAddressesTest {
  private final TwoTransports transports = new TwoTransports();
  private final Address name = new Address("some.name", transports.address.port());
  private final InetSocketAddress good = transports.address.resolve();
  private final InetSocketAddress dead = new InetSocketAddress("127.0.0.1", 1);

  @AfterEach
  void end() {
    transports.close();
  }

  @Test
  void everyAddressOfANameIsTried() throws Exception {
    Link link =
        transports.dialer.dial(name, List.of(dead, dead, good), 0).get(20, TimeUnit.SECONDS);
    assertThat(link.peer().node()).isEqualTo("acceptor");
  }

  @Test
  void aRefusalSaysMoreThanAnAddressWhereNobodyAnswers() {
    String otherKey = ClusterKey.generate().text();
    try (Transport stranger = TwoTransports.transport("stranger", otherKey, new Counters())) {
      for (List<InetSocketAddress> resolved :
          List.of(List.of(good, dead), List.of(dead, good), List.of(dead, good, dead))) {
        assertThatThrownBy(() -> stranger.dial(name, resolved, 0).get(20, TimeUnit.SECONDS))
            .as(resolved.toString())
            .cause()
            .isInstanceOfSatisfying(
                LinkException.class, e -> assertThat(e.status()).isEqualTo(Status.UNAUTHENTICATED));
      }
    }
  }
}
