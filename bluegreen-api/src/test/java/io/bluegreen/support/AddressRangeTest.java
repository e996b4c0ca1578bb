package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "10.0.0.0/8, 10.255.1.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.1.128/25, 192.168.1.127, false",
    "192.168.1.128/25, 192.168.1.129, true",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
  })
  void blocksContainTheirAddresses(String range, String address, boolean contained)
      throws IOException {
    assertThat(AddressRange.parse("trusted", range).contains(InetAddress.getByName(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "cafe",
        "",
        "1.2.3",
        "1.2.3.4/33",
        "::1/129",
        "1.2.3.4/",
        "1.2.3.4/-1",
        "300.1.1.1",
        "010.0.0.1",
        "10.0.0.0/08",
        "1::2::3",
        ":",
        "12345::",
        "fe80::1%eth0",
        "[::1]",
        "::ffff:10.0.0.1/104"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRange.parse("trusted", text))
        .withMessageStartingWith("trusted: expected a literal address");
  }
}
