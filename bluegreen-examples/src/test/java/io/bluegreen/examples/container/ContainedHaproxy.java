package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.haproxy.HaproxyWorkers;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RuntimeApi;
import io.bluegreen.support.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A HAProxy with a master in a container; it ends with the container. */
final class ContainedHaproxy {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Container container;
  private final Path sockets;

  /**
   * Starts it, and waits until it serves.
   *
   * @param folder a folder of ours; it is hidden in the container, and what is beside it
   * @param configuration the path of its configuration in the container
   * @param mounts as for {@link Container#start}; the first is the folder of the sockets
   */
  ContainedHaproxy(Container container, Path folder, Path configuration, Map<Path, Path> mounts)
      throws IOException {
    this.container = container;
    Map.Entry<Path, Path> first = mounts.entrySet().iterator().next();
    this.sockets = first.getKey();
    container.start(
        folder.getParent(),
        mounts,
        List.of(
            "haproxy",
            "-W",
            "-S",
            first.getValue().resolve("master.sock").toString(),
            "-f",
            configuration.toString()));
    await()
        .atMost(LIMIT)
        .pollInterval(PAUSE)
        .until(
            () -> {
              assertThat(container.runs())
                  .as(Files.readString(folder.resolveSibling("output.txt")))
                  .isTrue();
              return settled().isPresent();
            });
  }

  static RuntimeApi admin(Path sockets) {
    return RuntimeApi.unix(sockets.resolve("admin.sock"));
  }

  static MasterApi master(Path sockets) {
    return MasterApi.unix(sockets.resolve("master.sock"));
  }

  RuntimeApi admin() {
    return admin(sockets);
  }

  MasterApi master() {
    return master(sockets);
  }

  /** Reloads as {@code docker kill -s USR2} does, and waits until the next worker serves. */
  void reload() throws IOException, InterruptedException {
    long before = admin().info().pid();
    assertThat(Command.of(container.exec("kill", "-USR2", "1")).run(LIMIT).ok()).isTrue();
    await()
        .atMost(LIMIT)
        .pollInterval(PAUSE)
        .until(() -> settled().filter(pid -> pid != before).isPresent());
  }

  /** Returns the current worker, unless HAProxy starts or reloads just now. */
  private Optional<Long> settled() {
    try {
      HaproxyWorkers workers = master().within(Duration.ofMillis(300)).workers();
      long serves = admin().info().pid();
      return workers.current().equals(List.of(serves)) ? Optional.of(serves) : Optional.empty();
    } catch (RuntimeException notYet) {
      return Optional.empty();
    }
  }
}
