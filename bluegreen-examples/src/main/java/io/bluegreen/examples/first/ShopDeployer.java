package io.bluegreen.examples.first;

// snippet: first-class
import io.bluegreen.BlueGreenException;
import io.bluegreen.BlueGreenManager;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.store.FileStateStore;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.function.Supplier;

/** Deploys the versions that its user types, and goes back when the user types "rollback". */
public final class ShopDeployer {
  private final BlueGreenManager manager;

  ShopDeployer(Path home, String blue, String green, String frontDoor) {
    manager =
        BlueGreenManager.builder("shop")
            .service(Service.named("web").blue(blue).green(green).frontDoor(frontDoor))
            .router(EmbeddedRouter.create()) // listens at the front door
            .launcher(
                ProcessLauncher.command("java", "-jar", "shop-{version}.jar", "--port={port}")
                    .directory(home)
                    .runDirectory(home.resolve("run")))
            .healthCheck(HttpHealthCheck.get("/health"))
            .store(FileStateStore.in(home.resolve("state")))
            .listener(event -> System.out.println(event.describe()))
            .build();
  }

  void run(Scanner lines) {
    try (manager) { // Kept for the life of the program; launched processes live longer than it.
      tell(manager::recover); // Repairs what a killed program left behind.
      while (lines.hasNextLine()) {
        String line = lines.nextLine().strip();
        tell(
            line.equals("rollback")
                ? manager::rollback
                : () -> manager.deployNewVersion(Release.of(line)));
      }
    }
  }

  private static void tell(Supplier<?> work) {
    try {
      System.out.println(work.get());
    } catch (BlueGreenException | IllegalArgumentException refused) {
      System.out.println("refused: " + refused.getMessage());
    }
  }

  public static void main(String[] args) {
    new ShopDeployer(
            Path.of("").toAbsolutePath(),
            "http://127.0.0.1:5005",
            "http://127.0.0.1:5006",
            "http://127.0.0.1:8080")
        .run(new Scanner(System.in, Charset.defaultCharset()));
  }
}
// end
