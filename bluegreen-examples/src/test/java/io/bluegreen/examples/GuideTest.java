package io.bluegreen.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Console;
import io.bluegreen.DeploymentPlan;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.HealthCheck;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Status;
import io.bluegreen.SubmittedDeployment;
import io.bluegreen.TimeLimits;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RenderOptions;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.haproxy.RuntimeApi;
import io.bluegreen.health.HealthChecks;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.health.TcpHealthCheck;
import io.bluegreen.launch.CommandLauncher;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.testing.FakeRouter;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import io.bluegreen.testing.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guides show, run with fakes. */
class GuideTest {
  private final VirtualTime time = new VirtualTime();
  private final FakeRouter router = new FakeRouter(time);
  private final InMemoryStateStore store = new InMemoryStateStore(time);

  private ManagerBuilder shop() {
    return BlueGreenManager.builder("shop")
        .service(Service.named("web").blue("http://127.0.0.1:5005").green("http://127.0.0.1:5006"))
        .router(router)
        .healthCheck(ScriptedHealthCheck.up())
        .store(store)
        .time(time);
  }

  @Test
  void operations() {
    BlueGreenManager manager = shop().build();
    manager.deployNewVersion(Release.of("1.4.1")).orThrow();
    // snippet: operations
    DeploymentPlan plan = manager.plan(Operation.deploy(Release.of("1.4.2"))); // touches nothing
    DeploymentResult result =
        manager.run(
            Operation.deploy(Release.of("1.4.2").with("commit", "9f3c2e1")).by("ann", "INC-42"));
    DeploymentResult back = manager.rollback(); // to the warm former live colour, in one switch
    Status status = manager.status(); // router truth, health and drift; toJson() for tools
    // end
    assertThat(plan.describe()).contains("move the traffic to web blue");
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(back.outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(status.toJson()).contains("\"running\":{\"web\":100}");
  }

  @Test
  void submitting() {
    BlueGreenManager manager = shop().build();
    // snippet: submit
    SubmittedDeployment deployment =
        manager.submit(Operation.deploy(Release.of("1.4.2")).by("ann", "INC-42"));
    String id = deployment.id(); // at once, to be shown and asked for again
    CompletableFuture<DeploymentResult> result = deployment.result();
    // end
    assertThat(result.join().deploymentId()).isEqualTo(id);
  }

  @Test
  void healthChecks() {
    // snippet: checks
    HealthCheck check =
        HealthChecks.all(
            TcpHealthCheck.connect(),
            HttpHealthCheck.get("/actuator/health").expectJson("/status", "UP"));
    Probing probing =
        Probing.DEFAULT
            .every(Duration.ofSeconds(2))
            .upTo(Duration.ofMinutes(2)) // the deadline of the whole proof
            .passes(3) // in a row, which prove a slot
            .failures(3); // in a row, which give it up
    // end
    assertThat(shop().healthCheck(check).policy(DeploymentPolicy.DEFAULT.probing(probing)).build())
        .isNotNull();
  }

  @Test
  void launchers() {
    // snippet: commands
    Launcher launcher =
        CommandLauncher.of(
            List.of("systemctl", "start", "shop@{color}"),
            List.of("systemctl", "stop", "shop@{color}"),
            List.of("systemctl", "is-active", "shop@{color}"));
    // end
    assertThat(launcher).isNotNull();
  }

  @Test
  void takingOver() {
    Service web = Service.named("web").blue("http://127.0.0.1:2").green("http://127.0.0.1:1");
    Slot slot = new Group("shop", List.of(web)).slot("web", Color.GREEN);
    // snippet: take-over
    Launcher launcher =
        ProcessLauncher.command("java", "-jar", "app-{version}.jar", "--server.port={port}")
            .adoptingProcesses();
    LaunchState found = launcher.adoptable(slot); // pid, program, start, user
    // end
    assertThat(found.kind()).isEqualTo(LaunchState.Kind.ABSENT);
  }

  @Test
  void gatesAndHooks() {
    List<String> migrated = new ArrayList<>();
    List<Release> tested = new ArrayList<>();
    // snippet: gates
    Gate errors =
        context ->
            context
                .meter()
                .map(meter -> meter.read().slots().get(context.candidates().get(0)))
                .map(
                    count ->
                        count.serverErrors() * 20 > count.requests()
                            ? Verdict.failed(count.serverErrors() + " of " + count.requests())
                            : Verdict.passed("at most 5 % of errors"))
                .orElse(Verdict.inconclusive("the router counts nothing"));
    BlueGreenManager manager =
        shop()
            .gate("errors", errors)
            .hook(Phase.PREPARE, "migrate", context -> migrated.add(context.deploymentId()))
            .hook(Phase.VERIFY, "smoke", context -> tested.add(context.release().orElseThrow()))
            .policy(
                DeploymentPolicy.DEFAULT
                    .shift(Watch.lasting(Duration.ofMinutes(2)).gates("errors"), 10, 50, 100)
                    .bake(
                        Watch.lasting(Duration.ofMinutes(30))
                            .every(Duration.ofMinutes(1))
                            .gates("errors")))
            .build();
    // end
    assertThat(manager.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(manager.deployNewVersion(Release.of("2")).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(router.applied()).hasSize(4);
    assertThat(migrated).hasSize(2);
    assertThat(tested).containsExactly(Release.of("1"), Release.of("2"));
  }

  @Test
  void speakingToADeployment() {
    Console console = BlueGreenManager.console("shop", store.another(), time);
    time.at(
        Duration.ofMinutes(1),
        () -> {
          // snippet: abort
          console.running().ifPresent(deployment -> deployment.abort("ann", "customers complain"));
          // end
        });
    DeploymentResult result =
        shop()
            .policy(DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL))
            .build()
            .deployNewVersion(Release.of("1"));

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void waiting() {
    shop().build().deployNewVersion(Release.of("1.4.1")).orThrow();
    // snippet: waiting
    Watch hold =
        Watch.lasting(Duration.ofMinutes(2))
            .untilRequests(500, Duration.ofMinutes(20)); // at each candidate; fewer are no pass
    DeploymentPolicy careful =
        DeploymentPolicy.DEFAULT
            .shift(hold, 10, 25, 50, 75, 100)
            .bake(Watch.lasting(Duration.ofMinutes(30)).every(Duration.ofMinutes(1)))
            .with(Option.ASK_FOR_APPROVAL) // before the first move of traffic
            .limits(TimeLimits.DEFAULT.approval(Duration.ofHours(4))) // then it is aborted
            .with(Option.SUPERSEDE); // a newer release ends one that waits
    // end
    BlueGreenManager console = shop().store(store.another()).build();
    time.after(
        Duration.ofHours(1),
        () -> console.running().orElseThrow().approve("ann", "the tests look good"));
    DeploymentResult result =
        shop().policy(careful).build().run(Operation.deploy(Release.of("1.4.2")));

    assertThat(result.outcome()).as("nobody asked anything").isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("fewer than 500 requests");
  }

  @Test
  void carryingOn() {
    DeploymentPolicy baking =
        DeploymentPolicy.DEFAULT.bake(
            Watch.lasting(Duration.ofMinutes(30)).every(Duration.ofMinutes(1)));
    BlueGreenManager former = shop().policy(baking).build();
    time.after(Duration.ofMinutes(10), former::close);
    assertThat(former.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.SUSPENDED);
    BlueGreenManager manager = shop().build();
    // snippet: carry-on
    RecoveryReport report = manager.recover(); // at the start of your program
    if (report.decision() == RecoveryReport.Decision.SUSPENDED) {
      manager.carryOn(); // or running().get().abort(...), from which on it goes back
    }
    // end
    assertThat(manager.history().get(0).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void recovery() {
    BlueGreenManager manager = shop().build();
    manager.deployNewVersion(Release.of("1")).orThrow();
    router.switchByHand("web", Color.BLUE, 100);
    // snippet: recovery
    RecoveryReport report = manager.recover(); // repairs what a killed process left behind
    if (!manager.status().drift().isEmpty()) { // somebody moved the traffic by hand
      manager.recover(RecoveryChoice.ADOPT, "ann"); // or REPAIR: back, after the same proofs
    }
    // end
    assertThat(report.decision()).isEqualTo(RecoveryReport.Decision.NOTHING);
    assertThat(manager.status().drift()).isEmpty();
  }

  @Test
  void haproxy(@TempDir Path home) {
    // snippet: haproxy
    HaproxyRouter router =
        HaproxyRouter.map(
                home.resolve("shop.map"), RuntimeApi.unix(Path.of("/run/haproxy/admin.sock")))
            .master(MasterApi.unix(Path.of("/run/haproxy-master.sock")));
    // end
    Service web =
        Service.named("web")
            .blue("http://127.0.0.1:5005")
            .green("http://127.0.0.1:5006")
            .frontDoor("http://127.0.0.1:8080");
    assertThat(router.renderConfig(new Group("shop", List.of(web)), RenderOptions.defaults()))
        .extracting(RenderedHaproxy::haproxyCfg)
        .asString()
        .contains("web_blue", "web_green");
    router.close();
  }
}
