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
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.examples.container.Container;
import io.bluegreen.examples.container.ProxyInContainer;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.ConnectionHabit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.DemoUsers;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.ObservedRouter;
import io.bluegreen.examples.demo.RequestJudge;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.store.FileStateStore;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first week on a system that serves already, with users all the time: production is adopted,
 * deployed beside, gone back to, and replaced. The quick form gives each router one launcher and
 * one colour, with the proxy here and some in a container; {@code -Dbluegreen.week=full} takes all
 * of them.
 */
@Tag("long")
class FirstWeekTest {
  private static final boolean FULL = System.getProperty("bluegreen.week", "").equals("full");
  private static final Duration STEP = Duration.ofMillis(400);

  /** Where the proxy runs. */
  enum Place {
    HERE,
    CONTAINER
  }

  static List<Arguments> weeks() {
    List<Arguments> weeks = new ArrayList<>();
    for (Place place : Place.values()) {
      for (Routing routing : Routing.values()) {
        for (WeekLauncher launcher : WeekLauncher.values()) {
          for (Color production : Color.values()) {
            if (isPossible(place, routing, production)
                && (FULL || isTurn(place, routing, launcher, production))) {
              weeks.add(Arguments.of(place, routing, launcher, production));
            }
          }
        }
      }
    }
    return weeks;
  }

  /** The embedded router is in no container, and serves blue if nobody has switched it. */
  private static boolean isPossible(Place place, Routing routing, Color production) {
    return routing.outlivesItsHost() || (place == Place.HERE && production == Color.BLUE);
  }

  /** Each launcher and colour has its turn; in a container one mode of each proxy has. */
  private static boolean isTurn(
      Place place, Routing routing, WeekLauncher launcher, Color production) {
    boolean contained = routing == Routing.NGINX_RELOAD || routing == Routing.HAPROXY_MAP;
    int turn = routing.outlivesItsHost() ? routing.ordinal() + place.ordinal() : 0;
    return (place == Place.HERE || contained)
        && launcher.ordinal() == turn % 2
        && production.ordinal() == turn / 2 % 2;
  }

  @ParameterizedTest
  @MethodSource("weeks")
  void whatServesIsAdoptedAndReplacedAndNoUserNoticesIt(
      Place place, Routing routing, WeekLauncher launcher, Color production) throws Exception {
    try (TimeSource time = TimeSource.system();
        Week week = new Week(place, routing, launcher, production, time)) {
      week.live();
      RequestJudge.Totals totals = week.users.totals();
      System.out.printf(
          "%-15s %-9s %-8s %-6s %6d requests, %d failed, %d stale%n",
          routing, place, launcher, production, totals.requests(), totals.failed(), week.stale());
      assertThat(totals.failures()).isEmpty();
      assertThat(week.stale()).isZero();
      assertThat(totals.requests()).isGreaterThan(100);
    }
  }

  /** The machine of one week. */
  private static final class Week implements AutoCloseable {
    private final Cleanup begun = new Cleanup(e -> System.err.println("while ending: " + e));
    private final Routing routing;
    private final Color production;
    private final Group group;
    private final WeekLauncher.Started applications;
    private final AtomicBoolean gate = new AtomicBoolean(true);
    private final RequestJudge users;

    /** Judges those that open a connection for each request, where only they are promised. */
    private final RequestJudge reconnecting;

    private final BlueGreenManager manager;

    Week(Place place, Routing routing, WeekLauncher launcher, Color production, TimeSource time)
        throws Exception {
      this.routing = routing;
      this.production = production;
      users = new RequestJudge("web", time);
      reconnecting = new RequestJudge("web", time);
      try {
        DemoDirectory workplace = begun.add(new DemoDirectory());
        List<Integer> free = new ArrayList<>(DemoDirectory.freePorts(3));
        DemoProxy proxy;
        String host;
        if (place == Place.HERE) {
          proxy = begun.add(routing.proxy(time));
          host = "127.0.0.1";
        } else {
          Container container = begun.add(new Container());
          proxy = begun.add(new ProxyInContainer(routing.mode(), container));
          host = container.address();
        }
        Service web =
            Service.named("web")
                .blue("http://127.0.0.1:" + free.get(0))
                .green("http://127.0.0.1:" + free.get(1))
                .frontDoor("http://" + host + ":" + free.get(2));
        group = new Group("week-" + UUID.randomUUID().toString().substring(0, 8), List.of(web));
        begun.add(() -> MarkedProcesses.end(group.name()));
        applications = begun.add(launcher.in(workplace.directory("application"), group));
        applications.byHand(production, "v0");
        Router router = router(proxy, workplace.directory("proxy"), time);
        ObservedRouter observed = new ObservedRouter(both(router), users, time);
        manager = begun.add(manager(observed, proxy, workplace.directory("state")));
        if (!routing.outlivesItsHost()) {
          manager.recover(); // It opens the door.
        }
        URI door = web.frontDoor().orElseThrow();
        ConnectionHabit habit =
            proxy.lacks().contains(RouterGuarantee.LOSSLESS)
                ? ConnectionHabit.KEEPS_AND_RESENDS
                : ConnectionHabit.KEEPS;
        begun.add(
            new DemoUsers(
                new InetSocketAddress(door.getHost(), door.getPort()),
                habit,
                users,
                routing.neverStale() ? users : reconnecting,
                Duration.ofMillis(16),
                time));
      } catch (Exception | Error e) {
        close();
        throw e;
      }
    }

    /** Tells the second judge, too. */
    private Router both(Router router) {
      return new ObservedRouter(router, reconnecting, TimeSource.system());
    }

    long stale() {
      return (routing.neverStale() ? users : reconnecting).totals().stale();
    }

    /** Starts the proxy; if production is green, somebody has switched it long ago. */
    private Router router(DemoProxy proxy, Path directory, TimeSource time) throws Exception {
      Router router = proxy.start(group, directory);
      if (production == Color.BLUE) {
        return router;
      }
      try (router) {
        router.open(new Router.Opening(group, Optional.empty(), 0));
        router.apply(
            new Switch(
                TrafficSplit.all(group, Color.BLUE),
                TrafficSplit.all(group, Color.GREEN),
                1,
                "long-ago",
                1,
                Duration.ofSeconds(30)));
      }
      if (proxy instanceof ProxyInContainer contained) {
        return contained.router(group, directory);
      }
      String door = proxy instanceof NginxProxy nginx ? nginx.status() : "none";
      return routing.router(group, directory, door, time);
    }

    private BlueGreenManager manager(Router router, DemoProxy proxy, Path state) {
      DeploymentPolicy policy =
          DeploymentPolicy.DEFAULT
              .probing(Probing.DEFAULT.every(Duration.ofMillis(200)))
              .steps(50, 100)
              .shift(Watch.lasting(STEP).every(STEP.dividedBy(2)).gates("judgement"))
              .bake(Watch.lasting(STEP).every(STEP.dividedBy(2)).gates("judgement"));
      for (RouterGuarantee guarantee : proxy.lacks()) {
        policy = policy.acceptWithout(guarantee);
      }
      return BlueGreenManager.builder(group.name())
          .service(group.service("web"))
          .router(router)
          .launcher(applications.launcher())
          .healthCheck(HttpHealthCheck.get("/"))
          .gate("judgement", context -> gate.get() ? Verdict.passed("") : Verdict.failed("no"))
          .store(FileStateStore.in(state))
          .policy(policy)
          .build();
    }

    void live() throws Exception {
      long master = applications.pid(production);
      ends(Operation.adopt(Release.of("v0")), Outcome.COMPLETED);
      runs(production, "v0");
      gate.set(false);
      ends(Operation.deploy(Release.of("v1")), Outcome.ROLLED_BACK);
      gate.set(true);
      runs(production, "v0");
      ends(Operation.deploy(Release.of("v2")), Outcome.PROMOTED);
      ends(Operation.rollback(), Outcome.WENT_BACK);
      ends(Operation.stopCandidate(), Outcome.COMPLETED);
      runs(production, "v0");
      ends(Operation.deploy(Release.of("v3")), Outcome.PROMOTED);
      assertThat(applications.pid(production)).as("adopted, and kept warm").isEqualTo(master);
      ends(Operation.rollback().to("v0"), Outcome.WENT_BACK);
      ends(Operation.deploy(Release.of("v4")), Outcome.PROMOTED);
      assertThat(ProcessHandle.of(master).filter(ProcessHandle::isAlive)).isPresent();
      ends(Operation.deploy(Release.of("v5")), Outcome.PROMOTED);
      assertThat(ProcessHandle.of(master).filter(ProcessHandle::isAlive))
          .as("replaced, and so stopped")
          .isEmpty();
      runs(production, "v5");
    }

    private void ends(Operation operation, Outcome expected) {
      DeploymentResult result = manager.run(operation.by("ann", "the first week"));
      assertThat(result.outcome()).as("%s", result).isEqualTo(expected);
    }

    private void runs(Color color, String version) {
      assertThat(manager.status().slots())
          .filteredOn(slot -> slot.slot().color() == color)
          .singleElement()
          .satisfies(
              slot -> {
                assertThat(slot.live()).isTrue();
                assertThat(slot.version()).contains(version);
                assertThat(slot.health().up()).isTrue();
              });
    }

    @Override
    public void close() {
      begun.close();
    }
  }
}
