package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.FreePorts;
import io.bluegreen.Hook;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Status;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller that only looks opens no door, and is first told who holds the group. */
@Timeout(120)
class LookingTest {
  private final List<BlueGreenManager> managers = new ArrayList<>();
  private final TimeSource time = TimeSource.system();
  private final InMemoryStateStore store = new InMemoryStateStore(time);
  private final int door = FreePorts.next();

  @AfterEach
  void close() {
    managers.forEach(BlueGreenManager::close);
    time.close();
  }

  /** Returns the manager of one process, with an embedded router and an external launcher. */
  private BlueGreenManager process(Hook hook) {
    BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(
                Service.named("web")
                    .blue("http://127.0.0.1:1")
                    .green("http://127.0.0.1:2")
                    .frontDoor("http://127.0.0.1:" + door))
            .router(EmbeddedRouter.create())
            .healthCheck(ScriptedHealthCheck.up())
            .store(store)
            .hook(Phase.VERIFY, "smoke", hook)
            .policy(DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1))))
            .build();
    managers.add(manager);
    return manager;
  }

  private BlueGreenManager process() {
    return process(context -> {});
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void lookingOpensNoDoorOfAnEmbeddedRouterAndSaysWhatItWillServe() throws IOException {
    BlueGreenManager first = process();
    DeploymentPlan plan = first.plan(Operation.deploy(Release.of("1")));
    Status status = first.status();
    assertThat(first.running()).isEmpty();
    assertThat(first.history()).isEmpty();

    assertThat(plan.steps()).isNotEmpty();
    assertThat(plan.warnings().get(0))
        .contains("does not serve in this process")
        .contains("nothing was ever live by the record");
    assertThat(status.toJson()).contains("\"notServing\"");
    assertThat(listens()).isFalse();
    new ServerSocket(door).close();

    first.deployNewVersion(Release.of("1")).orThrow();
    assertThat(listens()).isTrue();
    BlueGreenManager second = process();
    RouterTruth truth = second.status().truth();
    TrafficSplit green = new TrafficSplit(java.util.Map.of("web", 100));
    assertThat(truth)
        .isInstanceOfSatisfying(
            RouterTruth.NotServing.class,
            not ->
                assertThat(not.describe())
                    .contains("somebody listens at 127.0.0.1:" + door)
                    .contains("by the record it will serve " + green));
    first.switchTraffic(BLUE).orThrow();
    assertThat(((RouterTruth.NotServing) second.status().truth()).once().running())
        .as("what was acknowledged since")
        .isEqualTo(green.with("web", GREEN, 0));
    assertThat(second.plan(Operation.switchTo(GREEN)).describe())
        .contains("in this JVM: route 100% of web to green, instead of 0%");
  }

  @Test
  void recoverAndOperationsOpenTheDoorAndNameAPortThatAnotherProcessHolds() {
    BlueGreenManager first = process();
    first.recover();
    assertThat(listens()).isTrue();
    assertThat(first.status().truth()).isInstanceOf(RouterTruth.Known.class);

    BlueGreenManager second = process();
    assertThatThrownBy(second::recover)
        .isInstanceOf(RouterException.class)
        .hasMessageContaining(
            "where another process of yours serves this group, close the manager");
    first.close();
    assertThat(listens()).isFalse();
    assertThat(second.recover().decision()).isEqualTo(RecoveryReport.Decision.NOTHING);
    assertThat(listens()).as("the same manager may try again").isTrue();
  }

  @Test
  void holderOfTheGroupIsNamedFirstToACallerThatLooksOrIsRefused() {
    BlueGreenManager second = process();
    List<DeploymentPlan> plans = new ArrayList<>();
    List<Status> statuses = new ArrayList<>();
    BlueGreenManager first =
        process(
            context -> {
              plans.add(second.plan(Operation.deploy(Release.of("2"))));
              statuses.add(second.status());
              assertThatThrownBy(() -> second.deployNewVersion(Release.of("2")))
                  .isInstanceOf(DeploymentInProgressException.class);
              assertThatThrownBy(() -> second.plan(Operation.rollback()))
                  .isInstanceOf(DeploymentInProgressException.class)
                  .hasMessageStartingWith(
                      "group shop is held by deployment " + context.deploymentId())
                  .hasMessageContaining("pid " + ProcessHandle.current().pid())
                  .hasMessageContaining("there is nothing to go back to");
            });

    DeploymentResult result = first.deployNewVersion(Release.of("1"));

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.PROMOTED);
    assertThat(plans.get(0).warnings().get(0))
        .startsWith("the group is held by deployment " + result.deploymentId())
        .contains("pid " + ProcessHandle.current().pid());
    assertThat(statuses.get(0).runningNow()).isPresent();
    assertThat(statuses.get(0).toJson())
        .startsWith("{\"format\":1,\"group\":\"shop\",\"runningNow\":{");
  }

  @Test
  void statusOfARouterThatCantBeOpenedSaysWhyAndShowsTheRest() {
    Shop shop = Shop.web();
    BlueGreenManager manager = shop.builder().router(new NeverOpens(shop.router)).build();

    Status status = manager.status();

    assertThat(status.truth()).isEqualTo(new RouterTruth.Unreachable("the door is stuck"));
    assertThat(status.slots()).hasSize(2);
  }

  /** A router whose proxy can't be opened. */
  private record NeverOpens(Router right) implements Router {
    @Override
    public RouterReport open(Opening opening) {
      throw new RouterException("the door is stuck", RouterException.Effect.UNCHANGED);
    }

    @Override
    public RouterTruth current() {
      return right.current();
    }

    @Override
    public void apply(Switch change) {
      right.apply(change);
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
