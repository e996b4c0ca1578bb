package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MapModePassingTest implements PassingContract {
  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new HaproxyFrontDoor(
        haproxy -> HaproxyRouter.map(haproxy.dir.resolve("shop.map"), haproxy.api()), setup);
  }

  @Override
  public Set<String> cannotPass() {
    return HaproxyFrontDoor.CANNOT_PASS;
  }

  @Test
  void readmeNamesWhatDoesNotPass() throws IOException {
    String page = Files.readString(Path.of("README.md"));
    String section = page.substring(page.indexOf("### What passes")).split("\n##", 2)[0];
    assertThat(
            Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(section)
                .results()
                .map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(cannotPass());
  }
}
