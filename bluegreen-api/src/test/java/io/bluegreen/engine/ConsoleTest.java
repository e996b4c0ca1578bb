package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Console;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecordedStatus;
import io.bluegreen.Service;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StateStore;
import io.bluegreen.TrafficSplit;
import io.bluegreen.store.FileStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console has the store and the name of the group, and nothing else. */
class ConsoleTest {
  @TempDir Path directory;

  private final Shop shop = new Shop(Shop.web("web", 1), Service.background("bot"));

  private Console console() {
    return BlueGreenManager.console("shop", shop.store.another(), shop.time);
  }

  @Test
  void groupWithoutARecordIsEmptyAndNoError() {
    RecordedStatus status = console().status();

    assertThat(status.group()).isEqualTo("shop");
    assertThat(status.acknowledged()).isEmpty();
    assertThat(status.versions()).isEmpty();
    assertThat(status.open()).isEmpty();
    assertThat(console().running()).isEmpty();
    assertThat(console().history()).isEmpty();
  }

  @Test
  void statusShowsTheRecordWhileADeploymentRunsAndAfterwards() {
    shop.deploy(V1).orThrow();
    List<RecordedStatus> seen = new ArrayList<>();
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);
    Console console = console();
    shop.time.after(
        Duration.ofMinutes(10),
        () -> {
          seen.add(console.status());
          console.running().orElseThrow().approve("ann", "go");
        });

    DeploymentResult result = shop.deploy(V2).orThrow();

    RecordedStatus during = seen.get(0);
    assertThat(during.runningNow().orElseThrow().deploymentId()).isEqualTo(result.deploymentId());
    assertThat(during.open()).contains(result.deploymentId());
    assertThat(during.operation()).hasValueSatisfying(what -> assertThat(what).contains("2"));
    assertThat(during.phase()).contains(Phase.APPROVE);
    assertThat(during.acknowledged()).contains(new TrafficSplit(Map.of("web", 100)));
    RecordedStatus after = console.status();
    assertThat(after.acknowledged()).contains(new TrafficSplit(Map.of("web", 0)));
    assertThat(after.background()).containsEntry("bot", Color.BLUE);
    assertThat(after.versions()).containsEntry("web/blue", "2").containsEntry("web/green", "1");
    assertThat(after.open()).isEmpty();
    assertThat(after.runningNow()).isEmpty();
    assertThat(console.history().get(0).approval())
        .hasValueSatisfying(approval -> assertThat(approval).contains("ann"));
  }

  @Test
  void consoleAbortsWhatIsSuspendedAndRefusesWhatHasEnded() {
    shop.deploy(V1);
    DeploymentResult left = shop.suspended(Shop.BAKING);
    assertThat(console().running().orElseThrow().id()).isEqualTo(left.deploymentId());
    var running = console().running().orElseThrow();
    running.abort("ann", "customers complain");

    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(console().history().get(0).reason()).contains("customers complain");
    assertThatThrownBy(() -> running.abort("ann", "again")).hasMessageContaining("has ended");
  }

  @Test
  void corruptStateAndThatOfAnotherGroupAreRefusedInTheManagersWords() {
    shop.deploy(V1);
    Console other = BlueGreenManager.console("other", shop.store.another());
    assertThatThrownBy(other::status)
        .isInstanceOf(StateCorruptException.class)
        .hasMessageContaining("that of group shop");
    shop.store.corrupt();
    assertSaidAlike(shop.manager());
    shop.store.restore("{\"format\":999}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertSaidAlike(shop.manager());
  }

  private void assertSaidAlike(BlueGreenManager manager) {
    Console console = console();
    for (var look :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            console::status, console::history, console::running)) {
      assertThatThrownBy(manager::history)
          .isInstanceOf(StateCorruptException.class)
          .satisfies(
              said -> assertThatThrownBy(look).hasSameClassAs(said).hasMessage(said.getMessage()));
    }
  }

  @Test
  void invalidNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BlueGreenManager.console("../shop", shop.store));
  }

  @Test
  void lookingWritesNothingAndIsAnsweredOnAnInterruptedThread() throws IOException {
    Path state = directory.resolve("state");
    try (StateStore store = FileStateStore.in(state)) {
      shop.builder().store(store).build().deployNewVersion(V1).orThrow();
      Map<String, String> before = files();
      try (StateStore looking = FileStateStore.in(state)) {
        Console console = BlueGreenManager.console("shop", looking);
        Thread.currentThread().interrupt();
        assertThat(console.status().versions()).containsEntry("web/green", "1");
        assertThat(console.history()).hasSize(1);
        assertThat(console.running()).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(files()).isEqualTo(before);
    }
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.forEach(
          file -> {
            try {
              files.put(
                  file.toString(),
                  Files.getLastModifiedTime(file)
                      + (Files.isRegularFile(file) ? Files.readString(file) : ""));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return files;
  }
}
