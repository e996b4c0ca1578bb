package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.FrontDoorUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The real nginx with a rendered configuration, in front of one application of the contract. */
final class NginxFrontDoor implements FrontDoorUnderTest {
  /** What nginx can't pass, or not without the loss of something else: the README says why. */
  static final Set<String> CANNOT_PASS =
      Set.of(
          "fieldsBehindTheLastChunkReachTheApplication",
          "fieldsBehindTheLastChunkReachTheClient",
          "requestIsHeardBeforeAllOfItHasCome",
          "answerArrivesBeforeTheRequestHasEnded",
          "applicationMayRefuseABodyBeforeItIsSent",
          "connectionGoesOnBehindAnInformationalAnswer",
          "headerNamesWithUnderscoresAndDotsPass");

  /** What nginx does by itself with a limit that is not rendered. */
  private static final String IMPATIENT =
      """
      http {
        keepalive_timeout 1s;
        client_header_timeout 1s;
        client_body_timeout 1s;
        send_timeout 1s;
        proxy_connect_timeout 1s;
        proxy_send_timeout 1s;
        proxy_read_timeout 1s;
      """;

  private final URI address = URI.create("http://127.0.0.1:" + NginxPorts.free());
  private final RealNginx nginx;

  NginxFrontDoor(NginxRouter described, Setup setup) {
    NginxRouter router =
        setup.trustedProxies().isEmpty()
            ? described
            : described.trustedProxies(setup.trustedProxies().toArray(new String[0]));
    Service web =
        Service.named("web")
            .blue(setup.application())
            .green("http://127.0.0.1:1")
            .frontDoor(address.toString());
    try {
      Path conf = router.renderConfig(new Group("shop", List.of(web))).write();
      if (setup.impatient()) {
        Files.writeString(conf, Files.readString(conf).replaceFirst("http \\{\n", IMPATIENT));
      }
      nginx = new RealNginx(conf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    nginx.stop();
  }
}
