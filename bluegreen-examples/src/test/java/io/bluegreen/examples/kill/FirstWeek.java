package io.bluegreen.examples.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.ConnectionHabit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoUsers;
import io.bluegreen.examples.demo.ObservedRouter;
import io.bluegreen.examples.demo.RequestJudge;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.store.FileStateStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The machine of one first week, what is done on it, and what was counted in each step. */
final class FirstWeek implements AutoCloseable {
  /** Longer than any request, for a router that can't tell what is in flight. */
  private static final Duration DRAIN = Duration.ofSeconds(8);

  private static final Duration STEP = Duration.ofMillis(400);

  /** On a busy machine the first probe of a JVM takes seconds; nothing here is slow on purpose. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Cleanup begun = new Cleanup(e -> System.err.println("while ending: " + e));
  private final Kind kind;
  private final Group group;
  private final Path directory;
  private final WeekLauncher.Started applications;
  private final AtomicBoolean gate = new AtomicBoolean(true);
  private final RequestJudge users;

  /** Judges those that open a connection for each request, where only they are promised. */
  private final RequestJudge reconnecting;

  private final BlueGreenManager manager;
  private final Map<String, WeekTable.Cell> steps = new LinkedHashMap<>();

  /**
   * What kind of a week it is. Immutable.
   *
   * @param production the colour that serves when it begins
   * @param jobs whether a background service runs, too
   * @param adopted whether production is adopted before the first deployment, not after it
   */
  record Kind(
      WeekStand stand, WeekLauncher launcher, Color production, boolean jobs, boolean adopted) {
    @Override
    public String toString() {
      return stand
          + ", "
          + launcher
          + ", "
          + production
          + (jobs ? ", with a background service" : "")
          + (adopted ? "" : ", adopted late");
    }
  }

  FirstWeek(Kind kind, TimeSource time) throws Exception {
    this.kind = kind;
    users = new RequestJudge("web", time);
    reconnecting = new RequestJudge("web", time);
    try {
      DemoDirectory workplace = begun.add(new DemoDirectory());
      WeekStand.Started proxy = begun.add(kind.stand().proxy(time));
      List<Integer> free = DemoDirectory.freePorts(5);
      Service web =
          Service.named("web")
              .blue("http://127.0.0.1:" + free.get(0))
              .green("http://127.0.0.1:" + free.get(1))
              .frontDoor("http://" + proxy.host() + ":" + free.get(2));
      Service jobs =
          Service.background(KilledStory.JOBS)
              .blue("http://127.0.0.1:" + free.get(3))
              .green("http://127.0.0.1:" + free.get(4));
      group =
          new Group(
              "week-" + UUID.randomUUID().toString().substring(0, 8),
              kind.jobs() ? List.of(web, jobs) : List.of(web));
      begun.add(() -> MarkedProcesses.end(group.name()));
      directory = workplace.directory("application");
      applications = begun.add(kind.launcher().in(directory, group));
      for (Service service : group.services()) {
        applications.byHand(service.name(), kind.production(), "v0");
      }
      Router router = proxy.start(group, workplace.directory("proxy"), kind.production());
      Router both = new ObservedRouter(router, reconnecting, time);
      manager =
          begun.add(
              manager(new ObservedRouter(both, users, time), proxy, workplace.directory("state")));
      if (!kind.stand().outlivesItsManager()) {
        manager.recover(); // It opens the door.
      }
      URI door = web.frontDoor().orElseThrow();
      begun.add(
          new DemoUsers(
              new InetSocketAddress(door.getHost(), door.getPort()),
              proxy.lacks().contains(RouterGuarantee.LOSSLESS)
                  ? ConnectionHabit.KEEPS_AND_RESENDS
                  : ConnectionHabit.KEEPS,
              users,
              kind.stand().neverStale() ? users : reconnecting,
              Duration.ofMillis(16),
              time));
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private BlueGreenManager manager(Router router, WeekStand.Started proxy, Path state) {
    DeploymentPolicy policy =
        DeploymentPolicy.DEFAULT
            .drain(DRAIN)
            .probing(Probing.DEFAULT.every(Duration.ofMillis(200)).timeout(PATIENCE))
            .steps(50, 100)
            .shift(Watch.lasting(STEP).every(STEP.dividedBy(2)).gates("judgement"))
            .bake(Watch.lasting(STEP).every(STEP.dividedBy(2)).gates("judgement"));
    for (RouterGuarantee guarantee : proxy.lacks()) {
      policy = policy.acceptWithout(guarantee);
    }
    var builder = BlueGreenManager.builder(group.name());
    group.services().forEach(builder::service);
    return builder
        .router(router)
        .launcher(applications.launcher())
        .healthCheck(HttpHealthCheck.get("/"))
        .gate("judgement", context -> gate.get() ? Verdict.passed("") : Verdict.failed("no"))
        .store(FileStateStore.in(state))
        .policy(policy)
        .build();
  }

  /** Lives through it; returns what was counted in each step. */
  Map<String, WeekTable.Cell> live() throws Exception {
    long master = applications.pid("web", kind.production());
    if (kind.adopted()) {
      ends("adopt", Operation.adopt(Release.of("v0")), Outcome.COMPLETED);
      runs("v0");
    }
    gate.set(false);
    ends("v1, a gate fails", Operation.deploy(Release.of("v1")), Outcome.ROLLED_BACK);
    gate.set(true);
    runs("v0");
    ends("v2", Operation.deploy(Release.of("v2")), Outcome.PROMOTED);
    ends("back", Operation.rollback(), Outcome.WENT_BACK);
    ends("stop", Operation.stopCandidate(), Outcome.COMPLETED);
    runs("v0");
    ends("v3", Operation.deploy(Release.of("v3")), Outcome.PROMOTED);
    assertThat(applications.pid("web", kind.production())).as("kept warm").isEqualTo(master);
    if (!kind.adopted()) {
      ends("v4, refused", Operation.deploy(Release.of("v4")), Outcome.REJECTED);
      assertThat(MarkedProcesses.runs(master)).as("nobody has adopted it").isTrue();
      Operation late = Operation.adopt(Release.of("v0")).on(kind.production()).service("web");
      ends("adopt late", late, Outcome.COMPLETED);
    }
    ends("back to v0", Operation.rollback().to("v0"), Outcome.WENT_BACK);
    ends("v4", Operation.deploy(Release.of("v4")), Outcome.PROMOTED);
    assertThat(MarkedProcesses.runs(master)).isTrue();
    ends("v5", Operation.deploy(Release.of("v5")), Outcome.PROMOTED);
    assertThat(MarkedProcesses.runs(master)).as("replaced, and so stopped").isFalse();
    assertThat(manager.status().slots())
        .filteredOn(slot -> slot.live() && slot.slot().service().routed())
        .allSatisfy(slot -> assertThat(slot.version()).contains("v5"));
    return steps;
  }

  private void ends(String step, Operation operation, Outcome expected) throws IOException {
    DeploymentResult result = manager.run(operation.by("ann", "the first week"));
    steps.put(step, sinceTheStepBefore());
    assertThat(result.outcome()).as("%s", result).isEqualTo(expected);
  }

  private WeekTable.Cell sinceTheStepBefore() throws IOException {
    RequestJudge.Totals totals = users.totals();
    WeekTable.Cell all =
        new WeekTable.Cell(
            totals.requests(),
            totals.failed(),
            (kind.stand().neverStale() ? totals : reconnecting.totals()).stale(),
            doubled());
    return steps.values().stream().reduce(all, WeekTable.Cell::minus);
  }

  /** Returns in how many slots two run, and whether two of the background service have met. */
  private long doubled() throws IOException {
    Map<String, Long> slots =
        MarkedProcesses.launched(group.name()).values().stream()
            .map(launched -> launched.substring(0, launched.lastIndexOf(' ')))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    long twice = slots.values().stream().filter(count -> count > 1).count();
    return twice + (Files.deleteIfExists(directory.resolve(KillApplication.TWO)) ? 1 : 0);
  }

  /** On production's colour runs this version, as far as that is known, and it serves. */
  private void runs(String version) {
    assertThat(manager.status().slots())
        .filteredOn(slot -> slot.slot().color() == kind.production())
        .filteredOn(slot -> slot.slot().service().routed())
        .singleElement()
        .satisfies(
            slot -> {
              assertThat(slot.live()).isTrue();
              assertThat(slot.version().orElse(version)).isEqualTo(version);
              assertThat(slot.version().isPresent()).isEqualTo(kind.adopted());
              assertThat(slot.health().up()).isTrue();
            });
  }

  /** Returns why the first few requests failed. */
  List<String> failures() {
    return users.totals().failures();
  }

  @Override
  public void close() {
    begun.close();
  }
}
