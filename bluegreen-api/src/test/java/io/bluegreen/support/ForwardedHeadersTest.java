package io.bluegreen.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "x_forwarded_for",
        "X-FORWARDED_Anything",
        "forwarded",
        "X-Real-IP",
        "x_real-ip",
        "Proxy"
      })
  void headersThatOnlyAProxyMaySendAreKnownHoweverTheyAreSpelled(String name) {
    assertThat(ForwardedHeaders.isOne(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "X-Forward", "Forwarding", "X-Real", "Proxy-Authorization"})
  void othersAreNotTakenForThem(String name) {
    assertThat(ForwardedHeaders.isOne(name)).isFalse();
  }

  @Test
  void trustedProxyIsBelievedInTheFiveThatRoutersWriteOnly() {
    assertThat(ForwardedHeaders.isBelieved("x-forwarded-HOST")).isTrue();
    assertThat(ForwardedHeaders.isBelieved("Forwarded")).isTrue();
    assertThat(ForwardedHeaders.isBelieved("X_Forwarded_Host")).isFalse();
    assertThat(ForwardedHeaders.OTHERS).noneMatch(ForwardedHeaders::isBelieved);
    assertThat(ForwardedHeaders.OTHERS).allMatch(ForwardedHeaders::isOne);
  }

  @Test
  void addressOfIpv6IsQuotedInForwardedOnly() throws IOException {
    InetAddress six = InetAddress.getByName("2001:db8::1");
    assertThat(ForwardedHeaders.address(six)).isEqualTo("2001:db8::1");
    assertThat(ForwardedHeaders.element(six, "https"))
        .isEqualTo("for=\"[2001:db8::1]\";proto=https");
    assertThat(ForwardedHeaders.element(InetAddress.getByName("192.0.2.1"), "http"))
        .isEqualTo("for=192.0.2.1;proto=http");
  }

  @Test
  void someNetworksAreTrusted() throws IOException {
    TrustedProxies some = TrustedProxies.of("10.0.0.0/8", "::1");
    assertThat(some.contains(InetAddress.getByName("10.1.2.3"))).isTrue();
    assertThat(some.contains(InetAddress.getByName("::1"))).isTrue();
    assertThat(some.contains(InetAddress.getByName("192.0.2.1"))).isFalse();
    assertThat(TrustedProxies.NONE.contains(InetAddress.getByName("::1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "::/0", "proxy", "10.0.0.0/33", "", "10.0.0.1; deny all"})
  void networkThatIsNoneOrEverybodyIsRefused(String network) {
    assertThatIllegalArgumentException().isThrownBy(() -> TrustedProxies.of("::1", network));
  }

  @Test
  void noNetworkIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(TrustedProxies::of);
  }
}
