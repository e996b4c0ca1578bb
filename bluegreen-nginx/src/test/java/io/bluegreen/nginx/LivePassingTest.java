package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePassingTest implements PassingContract {
  @TempDir static Path temp;

  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new NginxFrontDoor(NginxRouter.live(NginxUnderTest.place(temp)), setup);
  }

  @Override
  public Set<String> cannotPass() {
    return NginxFrontDoor.CANNOT_PASS;
  }

  @Test
  void readmeNamesWhatDoesNotPass() throws IOException {
    String page = Files.readString(Path.of("README.md"));
    String section =
        page.substring(page.indexOf("### What passes the front door")).split("\n##", 2)[0];
    assertThat(
            Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(section)
                .results()
                .map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(cannotPass());
  }
}
