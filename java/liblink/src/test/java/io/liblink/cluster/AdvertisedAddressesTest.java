package io.liblink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liblink.message.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedAddressesTest {
  private static final AdvertisedAddresses.Interfaces NONE = List::of;

  private static InetSocketAddress bound(String host) {
    return new InetSocketAddress(address(host), 7400);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static AdvertisedAddresses.Interfaces up(String... addresses) {
    return () -> {
      List<InetAddress> list = new ArrayList<>();
      for (String a : addresses) {
        list.add(address(a));
      }
      return list;
    };
  }

  private static List<String> texts(String bound, AdvertisedAddresses.Interfaces interfaces) {
    return AdvertisedAddresses.of(bound(bound), List.of(), interfaces).stream()
        .map(Address::toString)
        .toList();
  }

  private static Address explicit(String text) {
    return AdvertisedAddresses.of(bound("0.0.0.0"), List.of(text), NONE).get(0);
  }

  @Test
  void aListenerOnLoopbackAdvertisesItself() {
    assertThat(texts("127.0.0.1", up("192.0.2.7"))).containsExactly("127.0.0.1:7400");
    assertThat(texts("::1", up("192.0.2.7"))).containsExactly("[::1]:7400");
  }

  @Test
  void aListenerOnOneAddressAdvertisesIt() {
    assertThat(texts("192.0.2.7", up("192.0.2.8"))).containsExactly("192.0.2.7:7400");
    assertThat(texts("2001:db8::7", NONE)).containsExactly("[2001:db8::7]:7400");
  }

  @Test
  void aListenerOnAllAdvertisesTheInterfacesLoopbackLast() {
    assertThat(texts("::", up("127.0.0.1", "::1", "2001:db8::7", "192.0.2.7")))
        .containsExactly("192.0.2.7:7400", "[2001:db8::7]:7400", "127.0.0.1:7400", "[::1]:7400");
  }

  @Test
  void aListenerOnAllIpv4AdvertisesNoIpv6() {
    assertThat(texts("0.0.0.0", up("::1", "2001:db8::7", "127.0.0.1", "192.0.2.7")))
        .containsExactly("192.0.2.7:7400", "127.0.0.1:7400");
  }

  @Test
  void whatNobodyElseCanDialIsLeftOut() {
    assertThat(texts("::", up("fe80::1", "169.254.3.4", "192.0.2.7", "ff02::1", "0.0.0.0")))
        .containsExactly("192.0.2.7:7400");
  }

  @Test
  void withoutAnyInterfaceOrWhenTheyCantBeAskedLoopbackIsLeft() {
    assertThat(texts("::", NONE)).containsExactly("127.0.0.1:7400");
    assertThat(texts("0.0.0.0", () -> {
          throw new SocketException("no");
        }))
        .containsExactly("127.0.0.1:7400");
  }

  @Test
  void aMachineWithHundredsOfAddressesAdvertisesAFew() {
    String[] many = new String[300];
    for (int i = 0; i < many.length; i++) {
      many[i] = "10.0." + i / 250 + "." + i % 250;
    }
    assertThat(texts("0.0.0.0", up(many))).hasSize(AdvertisedAddresses.MAX);
  }

  @Test
  void theRealInterfacesOfThisMachineGiveAddressesToDial() {
    assertThat(AdvertisedAddresses.of(new InetSocketAddress(address("::"), 7400), List.of()))
        .isNotEmpty()
        .allMatch(a -> a.port() == 7400 && a.host().indexOf('%') < 0);
  }

  @Test
  void whatIsSaidWinsInTheOrderSaidAndOnce() {
    assertThat(AdvertisedAddresses.of(
            bound("127.0.0.1"), List.of("b.example", "a.example:80", "b.example:7400"), NONE))
        .containsExactly(new Address("b.example", 7400), new Address("a.example", 80));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example,          a.example:7400",
    "a.example:80,       a.example:80",
    "192.0.2.7,          192.0.2.7:7400",
    "192.0.2.7:80,       192.0.2.7:80",
    "::1,                [::1]:7400",
    "[::1],              [::1]:7400",
    "[::1]:80,           [::1]:80",
    "2001:db8::7,        [2001:db8::7]:7400",
    "[2001:db8::7]:80,   [2001:db8::7]:80",
    "'  a.example:80 ',  a.example:80",
  })
  void hostsAndPortsAreReadInAllTheirForms(String text, String expected) {
    assertThat(explicit(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":",
        ":80",
        "a.example:",
        "a.example:x",
        "a.example:65536",
        "a.example:-1",
        "a.example:0",
        "[]",
        "[]:80",
        "[::1",
        "::1]",
        "[::1]:",
        "[::1]:x",
        "[::1]x",
        "a b",
        "http://a.example",
        "a.example/x",
        "0.0.0.0",
        "0.0.0.0:80",
        "::",
        "[::]",
        "[::]:80",
        "1:2:3",
        "a:b:c",
        "0:0:0:0:0:0:0:0"
      })
  void whatCantBeDialledIsRefusedWithItsText(String text) {
    assertThatThrownBy(() -> explicit(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:1,        ::1",
    "0:0:0:0:0:0:0:0,        ::",
    "2001:db8:0:0:0:0:0:0,   2001:db8::",
    "2001:db8:0:0:1:0:0:1,   2001:db8::1:0:0:1",
    "2001:0:0:1:0:0:0:1,     2001:0:0:1::1",
    "2001:db8:0:1:1:1:1:1,   2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7:8,        1:2:3:4:5:6:7:8",
    "ABCD:0:0:0:0:0:0:00EF,  abcd::ef",
    "192.0.2.7,              192.0.2.7",
  })
  void ipv6IsWrittenShort(String given, String expected) {
    assertThat(AdvertisedAddresses.text(address(given))).isEqualTo(expected);
  }

  @Test
  void aZoneIsLeftOut() throws Exception {
    byte[] bytes = address("2001:db8::7").getAddress();
    assertThat(AdvertisedAddresses.text(java.net.Inet6Address.getByAddress("", bytes, 3)))
        .isEqualTo("2001:db8::7");
  }
}
