package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EmbeddedPassingTest implements PassingContract {
  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new Door(setup);
  }

  @Override
  public Set<String> cannotPass() {
    return Set.of("informationalAnswerPasses");
  }

  @Test
  void readmeNamesWhatDoesNotPass() throws IOException {
    String page = Files.readString(Path.of("README.md"));
    String section =
        page.substring(page.indexOf("## What passes the embedded router")).split("\n##", 2)[0];
    assertThat(
            Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(section)
                .results()
                .map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(cannotPass());
  }

  private static final class Door implements FrontDoorUnderTest {
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final StoppedTime time = new StoppedTime();
    private final EmbeddedRouter router;
    private final int port = EmbeddedShop.freePort();

    Door(Setup setup) {
      EmbeddedRouter usual = EmbeddedRouter.create();
      if (!setup.trustedProxies().isEmpty()) {
        usual = usual.trustedProxies(setup.trustedProxies().toArray(new String[0]));
      }
      router = setup.impatient() ? usual.time(time) : usual;
      Group group =
          new Group(
              "shop", List.of(EmbeddedShop.web(setup.application(), "http://127.0.0.1:1", port)));
      EmbeddedShop.serve(router, new Router.Opening(group, Optional.empty(), 0));
    }

    @Override
    public URI address() {
      return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void passTime() {
      time.pass(A_WHILE);
    }

    @Override
    public void close() {
      router.close();
    }
  }
}
