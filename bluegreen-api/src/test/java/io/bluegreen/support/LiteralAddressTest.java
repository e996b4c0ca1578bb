package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,127.0.0.1,127.0.0.1",
    "::1,::1,[::1]",
    "2001:db8:0:0:1:0:0:2,2001:db8::1:0:0:2,[2001:db8::1:0:0:2]",
    "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1,[2001:db8:0:1:1:1:1:1]",
    "::,::,[::]",
    "fd00::,fd00::,[fd00::]",
    "::ffff:10.0.0.1,10.0.0.1,10.0.0.1"
  })
  void literalAddressStandsForItself(String host, String text, String inUrl) throws IOException {
    LiteralAddress address = LiteralAddress.of(host);

    assertThat(address.text()).isEqualTo(text);
    assertThat(address.inUrl()).isEqualTo(inUrl);
    assertThat(address.hint()).isEmpty();
    assertThat(address.at(80).getAddress()).isEqualTo(InetAddress.getByName(host));
    assertThat(LiteralAddress.of(URI.create("http://" + inUrl + ":80")).address())
        .isEqualTo(address.address());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,10.0.0.1",
    "fd00::1,fd00::1",
    "10.0.0.1 10.0.0.1,10.0.0.1",
    "127.0.0.1 ::1,127.0.0.1",
    "10.0.0.1 fd00::1 fd00::2,10.0.0.1",
    "fe80::1 fd00::1,fd00::1"
  })
  void nameIsTheSameAddressInWhateverOrderItsAddressesAreTold(String found, String taken)
      throws IOException {
    List<InetAddress> told = Arrays.asList(addresses(found));

    assertThat(LiteralAddress.chosen("app", told.toArray(InetAddress[]::new)).text())
        .isEqualTo(taken);
    Collections.reverse(told);
    assertThat(LiteralAddress.chosen("app", told.toArray(InetAddress[]::new)).text())
        .isEqualTo(taken);
  }

  @Test
  void hintNamesTheOtherAddressAndWhatToWrite() throws IOException {
    LiteralAddress localhost = LiteralAddress.chosen("localhost", addresses("::1 127.0.0.1"));

    assertThat(localhost.hint())
        .isEqualTo(
            "localhost is 127.0.0.1, which is what is asked and served, and also ::1; if the"
                + " application listens only there, write [::1] in place of localhost");
    assertThat(localhost).hasToString("localhost (127.0.0.1)");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.2 10.0.0.1,'10.0.0.1, 10.0.0.2'",
    "10.0.0.2 fd00::1 10.0.0.1,'10.0.0.1, 10.0.0.2'",
    "fd00::2 fd00::1,'fd00::1, fd00::2'"
  })
  void nameWithSeveralAddressesIsRefusedAndTheyAreNamed(String found, String named)
      throws IOException {
    InetAddress[] told = addresses(found);

    assertThatThrownBy(() -> LiteralAddress.chosen("app", told))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the host app has several addresses (" + named + ")")
        .hasMessageContaining("write the address of the instance in place of the name");
  }

  @Test
  void linkLocalAddressAloneIsRefused() throws IOException {
    InetAddress[] told = addresses("fe80::1");

    assertThatThrownBy(() -> LiteralAddress.chosen("fe80::1", told))
        .hasMessageContaining("link-local");
  }

  @Test
  void nameWithoutAnAddressIsUnknownByItsName() {
    assertThatThrownBy(() -> LiteralAddress.of("no-such-host.invalid"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("the host no-such-host.invalid can't be resolved");
  }

  private static InetAddress[] addresses(String found) throws UnknownHostException {
    List<String> each = List.of(found.split(" "));
    InetAddress[] addresses = new InetAddress[each.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = InetAddress.getByName(each.get(i));
    }
    return addresses;
  }
}
