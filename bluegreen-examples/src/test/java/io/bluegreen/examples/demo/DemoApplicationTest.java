package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DemoApplicationTest {
  @Test
  void itAnswersWithItsVersionAndColour() throws Exception {
    try (DemoApplication application = new DemoApplication(0, "v2", Color.GREEN);
        PlainConnection connection = connect(application)) {
      assertThat(connection.get("/", true))
          .isEqualTo(new DemoAnswer(200, Optional.of(Color.GREEN), "v2", false));
      assertThat(connection.get("/health", true).status()).isEqualTo(200);
      assertThat(connection.get("/else", true).status()).isEqualTo(404);
      assertThat(connection.get("/", false).last()).isTrue();
    }
  }

  @Test
  void versionThreeNeverGetsHealthy() throws Exception {
    try (DemoApplication application = new DemoApplication(0, "v3", Color.BLUE);
        PlainConnection connection = connect(application)) {
      assertThat(connection.get("/health", true).status()).isEqualTo(503);
      assertThat(connection.get("/health", true).status()).isEqualTo(503);
    }
  }

  @Test
  void versionFivePassesItsChecksAndFailsForItsUsersByAndBy() throws Exception {
    try (DemoApplication application = new DemoApplication(0, "v5", Color.BLUE);
        PlainConnection connection = connect(application)) {
      int errors = 0;
      for (int i = 1; i <= 200; i++) {
        int status = connection.get("/", true).status();
        assertThat(status).isEqualTo(i > 100 && i % 10 == 0 ? 500 : 200);
        errors += status == 500 ? 1 : 0;
      }
      assertThat(errors).isEqualTo(10);
      assertThat(connection.get("/health", true).status()).isEqualTo(200);
    }
  }

  @Test
  void toldToEndItAnswersWhatIsInFlightAndTakesNoMore() throws Exception {
    DemoApplication application = new DemoApplication(0, "v1", Color.BLUE);
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", application.port());
    try (PlainConnection connection = connect(application)) {
      CompletableFuture<DemoAnswer> slow =
          CompletableFuture.supplyAsync(
              () -> ask(connection, "/?pause=1000"), task -> new Thread(task).start());
      await().until(() -> application.inFlight() == 1);
      application.close();

      assertThat(slow.get()).isEqualTo(new DemoAnswer(200, Optional.of(Color.BLUE), "v1", false));
    }
    assertThatThrownBy(() -> new PlainConnection(address)).isInstanceOf(IOException.class);
  }

  private static PlainConnection connect(DemoApplication application) throws IOException {
    return new PlainConnection(new InetSocketAddress("127.0.0.1", application.port()));
  }

  private static DemoAnswer ask(PlainConnection connection, String path) {
    try {
      return connection.get(path, true);
    } catch (IOException e) {
      throw new AssertionError("not answered", e);
    }
  }
}
