package io.bluegreen.examples.kill;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Hook;
import io.bluegreen.Launcher;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Operation;
import io.bluegreen.Phase;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.StateStore;
import io.bluegreen.Status;
import io.bluegreen.TimeSource;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.support.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A host with one manager, which gets its commands line by line. It answers with a line for each
 * call of the engine to a seam; the last line is the result. Arguments: routing, group, blue,
 * green, front door, private door, directory, blue and green of the background service or none,
 * what the router lacks.
 */
final class KillHost {
  private static final String SERVICE = "web";

  private static final DeploymentPolicy INSTANT =
      DeploymentPolicy.DEFAULT
          // On a busy machine the first probe of a JVM takes seconds; nothing is slow on purpose.
          .probing(Probing.DEFAULT.every(Duration.ofMillis(60)).timeout(Duration.ofSeconds(20)))
          .drain(Duration.ofMillis(200));

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final Semaphore goOn = new Semaphore(0);
  private final PrintStream parent;
  private final ReportedCalls calls;
  private final DeploymentPolicy policy;
  private final String[] args;
  private BlueGreenManager manager;

  private KillHost(String[] args, PrintStream parent) throws Exception {
    this.args = args;
    this.parent = parent;
    this.calls =
        new ReportedCalls(
            parent, goOn, Path.of(System.getProperty("java.io.tmpdir"), HostJvm.ACTING));
    DeploymentPolicy accepting = INSTANT;
    for (int i = 8; i < args.length; i++) {
      accepting = accepting.acceptWithout(RouterGuarantee.valueOf(args[i]));
    }
    this.policy = accepting;
    this.manager = manager();
  }

  private BlueGreenManager manager() throws Exception {
    List<Service> services = new ArrayList<>();
    services.add(Service.named(SERVICE).blue(args[2]).green(args[3]).frontDoor(args[4]));
    if (!args[7].equals("none")) {
      String[] jobs = args[7].split(" ");
      services.add(Service.background(KilledStory.JOBS).blue(jobs[0]).green(jobs[1]));
    }
    Group group = new Group(args[1], services);
    Path directory = Path.of(args[6]);
    Router router =
        Routing.valueOf(args[0])
            .router(group, directory.resolve("proxy"), args[5], TimeSource.system());
    ManagerBuilder builder = BlueGreenManager.builder(group.name());
    services.forEach(builder::service);
    return builder
        .router(calls.counted(Router.class, "router", router))
        .launcher(
            calls.counted(
                Launcher.class,
                "launcher",
                KillApplication.launcher(directory.resolve("application")).adoptingProcesses()))
        .healthCheck(HttpHealthCheck.get("/health"))
        .store(
            calls.counted(StateStore.class, "store", FileStateStore.in(directory.resolve("state"))))
        .hook(Phase.PREPARE, "migrate", calls.counted(Hook.class, "migrate", new Nothing()))
        .hook(Phase.VERIFY, "accept", calls.counted(Hook.class, "accept", new Nothing()))
        .policy(policy)
        .build();
  }

  public static void main(String[] args) throws Exception {
    PrintStream parent = System.out;
    System.setOut(System.err); // A log line is no answer.
    KillHost host = new KillHost(args, parent);
    Thread listener = new Thread(host::listen, "listener");
    listener.setDaemon(true);
    listener.start();
    host.answer("ready", Map.of());
    host.work();
  }

  private void listen() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("go")) {
          goOn.release();
        } else {
          asked.add(line);
        }
      }
    } catch (IOException gone) {
      System.err.println(gone);
    }
    asked.add("end");
  }

  private void work() throws Exception {
    KillPoint point = new KillPoint("", 0, KillPoint.Position.BEFORE);
    for (String line = asked.take(); !line.equals("end"); line = asked.take()) {
      if (line.startsWith("kill ")) {
        point = KillPoint.of(line.substring(5));
        continue;
      }
      calls.begin(point);
      point = new KillPoint("", 0, KillPoint.Position.BEFORE);
      try {
        carryOut(line.split(" "));
      } catch (DeploymentInProgressException e) {
        answer("in progress", held(e));
      } catch (RuntimeException e) {
        e.printStackTrace();
        answer("failed", Map.of("why", e.toString()));
      }
    }
    manager.close();
  }

  private void carryOut(String[] words) throws Exception {
    switch (words[0]) {
      case "renew" -> {
        manager.close();
        manager = manager();
        answer("ready", Map.of());
      }
      case "host" -> answer("host", Map.of("host", InetAddress.getLocalHost().getHostName()));
      case "status" -> answer("status", seen(manager.status()));
      case "recover" -> answer("report", told(manager.recover()));
      case "carryOn" -> answer("result", told(manager.carryOn()));
      default -> answer("result", told(manager.run(operation(words))));
    }
  }

  private Operation operation(String[] words) {
    return switch (words[0]) {
      case "deploy" -> Operation.deploy(Release.of(words[1]));
      case "gradual" ->
          Operation.deploy(Release.of(words[1]))
              .policy(
                  policy.shift(
                      new Watch(Duration.ofMillis(300), Duration.ofMillis(100), List.of()),
                      25,
                      100));
      case "retire" ->
          Operation.deploy(Release.of(words[1]))
              .policy(policy.with(DeploymentPolicy.Option.STOP_FORMER_LIVE));
      case "adopt" -> Operation.adopt(Release.of(words[1]));
      case "adoptFormer" -> Operation.adopt(Release.of(words[1])).on(Color.BLUE).service(SERVICE);
      case "rollback" -> Operation.rollback();
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static Map<String, Object> told(DeploymentResult result) {
    return Map.of(
        "id", result.deploymentId(),
        "outcome", result.outcome().toString(),
        "reason", result.reason());
  }

  private static Map<String, Object> told(RecoveryReport report) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("decision", report.decision().toString());
    told.put("found", report.found());
    told.put("done", report.done());
    report.deploymentId().ifPresent(id -> told.put("id", id));
    report.serving().ifPresent(split -> told.put("serving", split.green().get(SERVICE)));
    return told;
  }

  private Map<String, Object> seen(Status status) {
    return Map.of(
        "status",
        status.toJson(),
        "history",
        manager.history().stream()
            .map(past -> Map.of("id", past.id(), "outcome", past.outcome().toString()))
            .toList());
  }

  private static Map<String, Object> held(DeploymentInProgressException e) {
    LeaseOwner owner = e.owner();
    return Map.of(
        "message", e.getMessage(),
        "group", owner.group(),
        "id", owner.deploymentId(),
        "pid", owner.pid(),
        "host", owner.host(),
        "since", owner.since().toString());
  }

  private void answer(String kind, Map<String, Object> values) {
    parent.print("=\t" + kind + "\t0\t" + Json.write(values) + "\n");
    parent.flush();
  }

  /** A hook without an effect: that it was asked for is what is told. */
  private static final class Nothing implements Hook {
    @Override
    public void run(Context context) {}
  }
}
