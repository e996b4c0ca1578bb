package io.bluegreen.examples.demo;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.Launcher;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.SlotEvent;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficEvent;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.launch.ProcessLauncher;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.support.Template;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the demo once on one router: starts everything that the story needs, tells the story, and
 * takes everything away again.
 */
final class DemoRun {
  private static final String SERVICE = "web";

  private final String routerName;
  private final DemoProxy proxy;
  private final Screen screen;
  private final Cleanup cleanup;
  private final RequestJudge ledger;
  private final TimeSource time;
  private final Set<String> warnings = ConcurrentHashMap.newKeySet();

  /**
   * @param routerName as the findings tell it
   * @param proxy not started
   */
  DemoRun(
      String routerName,
      DemoProxy proxy,
      Screen screen,
      Cleanup cleanup,
      RequestJudge ledger,
      TimeSource time) {
    this.routerName = routerName;
    this.proxy = proxy;
    this.screen = screen;
    this.cleanup = cleanup;
    this.ledger = ledger;
    this.time = time;
  }

  /** Returns the ledger for what this stage shows. */
  static RequestJudge ledger(TimeSource time) {
    return new RequestJudge(SERVICE, DemoApplication.FAILS_UNDER_TRAFFIC, time);
  }

  /** Tells the story, as far as it goes, and returns what it has shown. */
  DemoFindings play() throws IOException, InterruptedException {
    Duration begin = time.elapsed();
    try {
      DemoDirectory workplace = cleanup.add(new DemoDirectory());
      Group group = group();
      ObservedRouter router = router(group, workplace);
      DeploymentPolicy policy = policy();
      DemoStory story =
          new DemoStory(manager(group, router, policy, workplace), policy, screen, time);
      tell(story, group);
      cleanup.close(); // Requests from here on would count the end of the demo, not the demo.
      return new DemoFindings(
          routerName,
          story.acts(),
          story.complete() && cleanup.complete(),
          habit(),
          ledger.totals(),
          router.switches(),
          time.elapsed().minus(begin));
    } finally {
      cleanup.close();
    }
  }

  private void tell(DemoStory story, Group group) throws InterruptedException {
    try {
      story.open();
      cleanup.add(new DemoUsers(frontDoor(group), habit(), ledger, time));
      story.tell();
    } catch (RuntimeException e) {
      if (!cleanup.closed()) { // Otherwise it was interrupted, and that has been said.
        screen.say("stopped: " + e);
      }
    }
  }

  private static Group group() throws IOException {
    List<Integer> ports = DemoDirectory.freePorts(3);
    return new Group(
        "demo",
        List.of(
            Service.named(SERVICE)
                .blue("http://127.0.0.1:" + ports.get(0))
                .green("http://127.0.0.1:" + ports.get(1))
                .frontDoor("http://127.0.0.1:" + ports.get(2))));
  }

  private ObservedRouter router(Group group, DemoDirectory workplace)
      throws IOException, InterruptedException {
    cleanup.add(proxy);
    return new ObservedRouter(proxy.start(group, workplace.directory("proxy")), ledger, time);
  }

  /** The policy accepts by name what the router does not promise. */
  private DeploymentPolicy policy() {
    DeploymentPolicy policy = DemoStory.POLICY;
    for (RouterGuarantee guarantee : proxy.lacks()) {
      policy = policy.acceptWithout(guarantee);
    }
    return policy;
  }

  /** If the proxy closes connections in use, the users repeat requests, as most clients do. */
  private ConnectionHabit habit() {
    return proxy.lacks().contains(RouterGuarantee.LOSSLESS)
        ? ConnectionHabit.KEEPS_AND_RESENDS
        : ConnectionHabit.KEEPS;
  }

  private BlueGreenManager manager(
      Group group, ObservedRouter router, DeploymentPolicy policy, DemoDirectory workplace)
      throws IOException {
    DemoLauncher launcher = cleanup.add(new DemoLauncher(application(workplace)));
    return cleanup.add(
        BlueGreenManager.builder(group.name())
            .service(group.service(SERVICE))
            .router(router)
            .launcher(launcher)
            .healthCheck(HttpHealthCheck.get("/health"))
            .store(FileStateStore.in(workplace.directory("state")))
            .policy(policy)
            .gate(DemoStory.ERRORS, DemoStory.FEW_ERRORS)
            .listener(this::show)
            .build());
  }

  /** A small JVM, whose files stay in the demo's directory. */
  private static Launcher application(DemoDirectory workplace) throws IOException {
    Path directory = workplace.directory("application");
    return ProcessLauncher.command(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + Template.literal(directory.toString()),
            "-Dorg.jboss.logging.provider=slf4j",
            "-cp",
            Template.literal(System.getProperty("java.class.path")),
            DemoApplication.class.getName(),
            "--port={port}")
        .directory(directory)
        .runDirectory(directory.resolve("run"));
  }

  private static InetSocketAddress frontDoor(Group group) {
    URI door = group.service(SERVICE).frontDoor().orElseThrow();
    return new InetSocketAddress(door.getHost(), door.getPort());
  }

  /** Steps, not probes: those come several times a second. A warning is shown once. */
  private void show(DeploymentEvent event) {
    boolean step =
        event instanceof SlotEvent.Launched
            || event instanceof TrafficEvent.TrafficMoved
            || event instanceof SlotEvent.Drained
            || event instanceof SlotEvent.Stopped
            || event instanceof ProgressEvent.UndoStarted;
    boolean news = event instanceof DeploymentEvent.Warned warned && warnings.add(warned.message());
    if (step || news) {
      screen.say("    " + event.describe());
    }
  }
}
