package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.FreePorts;
import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.Verdict;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.health.CommandHealthCheck;
import io.bluegreen.health.HealthChecks;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.health.TcpHealthCheck;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manager is closed to its end, also by a thread that is interrupted or that acts for it. */
@Timeout(120)
class CloseTest {
  @TempDir Path directory;

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private static ManagerBuilder shop(int door) {
    return BlueGreenManager.builder("shop")
        .service(
            Service.named("web")
                .blue("http://127.0.0.1:1")
                .green("http://127.0.0.1:2")
                .frontDoor("http://127.0.0.1:" + door))
        .router(EmbeddedRouter.create())
        .healthCheck(ScriptedHealthCheck.up())
        .policy(DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1))));
  }

  @Test
  void closeOnAnInterruptedThreadEndsEverythingAndKeepsTheFlagEveryTime() throws IOException {
    for (int round = 0; round < 8; round++) {
      int door = FreePorts.next();
      BlueGreenManager manager =
          shop(door)
              .healthCheck(
                  HealthChecks.all(
                      TcpHealthCheck.connect(), CommandHealthCheck.of(List.of("true"))))
              .store(FileStateStore.in(directory.resolve("state")))
              .build();
      manager.recover();
      assertThatThrownBy(() -> new ServerSocket(door)).isInstanceOf(IOException.class);

      Thread.currentThread().interrupt();
      manager.close();

      assertThat(Thread.interrupted()).as("the flag, in round " + round).isTrue();
      new ServerSocket(door).close();
      try (FileStateStore store = FileStateStore.in(directory.resolve("state"))) {
        assertThat(store.holder()).isEmpty();
      }
      Thread.currentThread().interrupt();
      manager.close();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closeThatIsInterruptedMeanwhileGoesOn() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    HealthCheck slow =
        new HealthCheck() {
          @Override
          public java.util.concurrent.CompletableFuture<Health> probe(Instance instance) {
            return java.util.concurrent.CompletableFuture.completedFuture(Health.up(""));
          }

          @Override
          public void close() {
            closing.countDown();
            try {
              mayEnd.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException("interrupted", e);
            }
          }
        };
    int door = FreePorts.next();
    BlueGreenManager manager =
        shop(door).healthCheck(slow).store(new InMemoryStateStore(TimeSource.system())).build();
    manager.recover();
    AtomicInteger kept = new AtomicInteger();
    Thread closer =
        new Thread(
            () -> {
              manager.close();
              kept.set(Thread.currentThread().isInterrupted() ? 1 : 0);
            });
    closer.start();
    closing.await();
    closer.interrupt();
    mayEnd.countDown();
    closer.join();

    assertThat(kept).hasValue(1);
    new ServerSocket(door).close();
  }

  @Test
  void closeMayBeRepeatedAfterAPartCouldNotBeClosed() {
    AtomicInteger tries = new AtomicInteger();
    Shop shop = Shop.web();
    BlueGreenManager manager =
        shop.builder()
            .gate(
                "stubborn",
                new Gate() {
                  @Override
                  public Verdict judge(Context context) {
                    return Verdict.passed("");
                  }

                  @Override
                  public void close() {
                    if (tries.incrementAndGet() < 3) {
                      throw new IllegalStateException("not yet");
                    }
                  }
                })
            .build();

    for (int call = 0; call < 5; call++) {
      manager.close();
    }

    assertThat(tries).as("until it is closed, and not again").hasValue(3);
    assertThatThrownBy(manager::status).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void partsThatAreClosedByAnInterruptedThreadLeaveNoThread() {
    Instance nobody =
        new Instance(
            "web", Color.BLUE, 0, java.util.Optional.of(java.net.URI.create("http://127.0.0.1:1")));
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    for (HealthCheck check :
        List.of(
            HttpHealthCheck.get("/"),
            TcpHealthCheck.connect(),
            CommandHealthCheck.of(List.of("true")))) {
      check.probe(nobody).join();
      Thread.currentThread().interrupt();
      check.close();
      check.close();
      assertThat(Thread.interrupted()).as(check.toString()).isTrue();
    }
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("bluegreen") || name.startsWith("httpclient"))
                    .collect(Collectors.toSet())
                    .isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hook", "launcher"})
  void closeThatIsAskedForInsideADeploymentDoesNotWaitForItself(String where) {
    Shop shop = Shop.web();
    AtomicReference<BlueGreenManager> manager = new AtomicReference<>();
    try (TimeSource time = TimeSource.system()) {
      Launcher launcher = mock(Launcher.class, delegatesTo(shop.launcher));
      doAnswer(
              call -> {
                manager.get().close();
                return null;
              })
          .when(launcher)
          .launch(any(), any(), any());
      ManagerBuilder builder = shop.builder().time(time);
      manager.set(
          where.equals("hook")
              ? builder.hook(Phase.PREPARE, "ends", context -> manager.get().close()).build()
              : builder.launcher(launcher).build());

      DeploymentResult result = manager.get().deployNewVersion(Shop.V1);

      assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
      assertThat(result.reason()).contains("the manager was closed");
      manager.get().close(); // Waits for the close that was asked for inside.
    }
  }
}
