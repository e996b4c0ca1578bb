package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupServersTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:80,127.0.0.1,80,true",
    "http://127.0.0.1:80,127.0.0.1,81,false",
    "http://127.0.0.1:80,127.0.0.2,80,false",
    "http://[::1]:80,::1,80,true",
    "http://[0:0:0:0:0:0:0:1]:80,::1,80,true",
    "http://[::ffff:127.0.0.1]:80,127.0.0.1,80,true",
    "http://localhost:80,127.0.0.1,80,true",
    "http://localhost:80,::1,80,false",
    "http://localhost:80,10.0.0.1,80,false",
    "http://127.0.0.1:80,-,80,false",
    "http://no-such-host.invalid:80,10.0.0.1,80,true"
  })
  void serverIsAnEndpointIfItIsTheSameLiteralAddress(
      String endpoint, String address, int port, boolean same) {
    ServerState server = new ServerState("web", "blue1", address, port, 2, 0, 1, 1, 0, "", "");

    assertThat(GroupServers.same(URI.create(endpoint), server)).isEqualTo(same);
  }
}
