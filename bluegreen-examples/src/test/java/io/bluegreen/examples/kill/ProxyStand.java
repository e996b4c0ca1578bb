package io.bluegreen.examples.kill;

import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.ConnectionHabit;
import io.bluegreen.examples.demo.DemoAnswer;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.DemoUsers;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.PlainConnection;
import io.bluegreen.examples.demo.RequestJudge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A proxy, its users and the deployed applications, which live on while hosts come and go. */
final class ProxyStand implements AutoCloseable {
  /** What hosts and applications need to start is left of a small machine. */
  private static final Duration THINKING = Duration.ofMillis(16);

  private static final Predicate<String> KEPT =
      Pattern.compile("proxy/live/(gen-N|_w/N)").asPredicate();

  private final Routing routing;
  private final TimeSource time;
  private final Cleanup begun = new Cleanup(e -> System.err.println("while ending: " + e));
  private final Thread interrupted = new Thread(begun::close, "interrupted");
  private final Path directory;
  private final Path hosts;
  private final Group group;
  private final DemoProxy proxy;
  private final String privateDoor;
  private final RequestJudge ledger;
  private final List<HostJvm> running = new ArrayList<>();
  private Optional<HostJvm> next = Optional.empty();
  private Optional<HostJvm> left = Optional.empty();
  private Optional<DemoUsers> load = Optional.empty();
  private Optional<HandMadeProduction> production = Optional.empty();
  private int versions;

  /**
   * Starts the proxy; nothing is deployed yet.
   *
   * @param jobs whether there is a background service, too
   */
  ProxyStand(Routing routing, boolean jobs, TimeSource time) throws Exception {
    this.routing = routing;
    this.time = time;
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      DemoDirectory workplace = begun.add(new DemoDirectory());
      group = group(jobs);
      directory = workplace.directory("stand");
      hosts = workplace.directory("hosts");
      Path proxys = Files.createDirectory(directory.resolve("proxy"));
      Files.createDirectory(directory.resolve("application"));
      Files.createDirectory(directory.resolve("state"));
      makeReachable();
      begun.add(() -> MarkedProcesses.end(group.name()));
      ledger = new RequestJudge("web", time);
      proxy = begun.add(routing.proxy(time));
      proxy.start(group, proxys).close();
      privateDoor = proxy instanceof NginxProxy nginx ? nginx.status() : "none";
      begun.add(() -> running.forEach(HostJvm::end));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** A proxy that root starts has workers that are another user. */
  private void makeReachable() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(
        directory.resolve("state"), PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(
        directory.resolve("application"), PosixFilePermissions.fromString("rwx------"));
  }

  private static Group group(boolean jobs) throws IOException {
    List<String> free =
        DemoDirectory.freePorts(5).stream().map(port -> "http://127.0.0.1:" + port).toList();
    Service web = Service.named("web").blue(free.get(0)).green(free.get(1)).frontDoor(free.get(2));
    Service background = Service.background(KilledStory.JOBS).blue(free.get(3)).green(free.get(4));
    return new Group(
        "kill-" + UUID.randomUUID().toString().substring(0, 8),
        jobs ? List.of(web, background) : List.of(web));
  }

  /** Starts production by hand; its users are there, if the router is. */
  void produce() throws Exception {
    production =
        Optional.of(begun.add(new HandMadeProduction(directory.resolve("application"), group)));
    served(HostJvm.split("0"));
    if (routing.outlivesItsHost()) {
      // A proxy with checks of its own has seen that nothing ran, and has to see that it does.
      await().atMost(Duration.ofSeconds(30)).until(() -> ask(1).get(0).status() == 200);
      letUsersCome();
    }
  }

  /** Returns the slots of production that still run. */
  List<String> produced() {
    return production.map(HandMadeProduction::running).orElse(List.of());
  }

  Routing routing() {
    return routing;
  }

  String groupName() {
    return group.name();
  }

  Path state() {
    return directory.resolve("state");
  }

  /** Returns a version that was never deployed here. */
  String newVersion() {
    return "r" + ++versions;
  }

  /** Returns a host that was not asked for anything, and starts one more for the next time. */
  HostJvm host() throws Exception {
    HostJvm host = next.isPresent() ? next.get() : start();
    next = Optional.of(start());
    return host.ready();
  }

  /** Returns a host that was not asked for anything. */
  HostJvm lastHost() throws Exception {
    return (next.isPresent() ? next.get() : start()).ready();
  }

  /** Returns the host that was left here, else one that was not asked for anything. */
  HostJvm left() throws Exception {
    HostJvm host = left.isPresent() ? left.get() : host();
    left = Optional.empty();
    return host;
  }

  /** Leaves a host that is at rest for what comes next. */
  void leave(HostJvm host) {
    left = Optional.of(host);
  }

  private HostJvm start() throws IOException {
    Service web = group.service("web");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                routing.name(),
                group.name(),
                web.endpoints(Color.BLUE).get(0).toString(),
                web.endpoints(Color.GREEN).get(0).toString(),
                web.frontDoor().orElseThrow().toString(),
                privateDoor,
                directory.toString(),
                group.services().stream()
                    .filter(service -> !service.routed())
                    .map(
                        jobs ->
                            jobs.endpoints(Color.BLUE).get(0)
                                + " "
                                + jobs.endpoints(Color.GREEN).get(0))
                    .findFirst()
                    .orElse("none")));
    proxy.lacks().stream().map(RouterGuarantee::name).forEach(arguments::add);
    HostJvm host = new HostJvm(arguments, hosts, group.name(), ledger);
    running.removeIf(HostJvm::ended);
    running.add(host);
    return host;
  }

  /** Lets users come, if there are none. */
  void letUsersCome() {
    if (load.isEmpty()) {
      ConnectionHabit habit =
          proxy.lacks().contains(RouterGuarantee.LOSSLESS)
              ? ConnectionHabit.KEEPS_AND_RESENDS
              : ConnectionHabit.KEEPS;
      load =
          Optional.of(begun.add(new DemoUsers(frontDoor(), habit, ledger, ledger, THINKING, time)));
    }
  }

  /** Lets the users go. */
  void letUsersGo() {
    load.ifPresent(DemoUsers::close);
    load = Optional.empty();
  }

  /** From here on only what this split serves may answer. */
  void served(TrafficSplit split) {
    ledger.switched(split);
  }

  RequestJudge.Totals totals() {
    return ledger.totals();
  }

  /** Asks at the front door, each time by a connection of its own; what fails is no answer. */
  List<DemoAnswer> ask(int times) {
    List<DemoAnswer> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      try (PlainConnection connection = new PlainConnection(frontDoor())) {
        answers.add(connection.get("/", false));
      } catch (IOException e) {
        answers.add(new DemoAnswer(0, Optional.empty(), e.toString(), true));
      }
    }
    return answers;
  }

  /**
   * Returns how many files there are of each name, all numbers and colours taken for the same; but
   * for what versions have printed. In live mode how many generations and templates of percentages
   * are kept is the router's own affair, and what a probe has left is swept an hour later: until
   * then it may be another host's.
   */
  Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(directory)) {
      found
          .filter(path -> !path.toString().endsWith(".log"))
          .map(path -> directory.relativize(path).toString())
          .filter(name -> !name.contains("/.probe-"))
          .map(name -> name.replace(group.name(), "GROUP"))
          .map(name -> name.replaceAll("[0-9]+", "N").replaceAll("blue|green", "COLOR"))
          .forEach(name -> files.merge(name, 1, (one, more) -> KEPT.test(name) ? 1 : one + more));
    }
    return files;
  }

  /** Returns the files that hosts have left in their directory for temporary ones. */
  List<String> temporaryFiles() throws IOException {
    try (Stream<Path> found = Files.list(hosts)) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".err"))
          .toList();
    }
  }

  /** Returns colours and versions of what was launched of a service and runs. */
  List<String> launched(String service) {
    return MarkedProcesses.launched(group.name()).values().stream()
        .filter(slot -> slot.startsWith(service + " "))
        .map(slot -> slot.substring(service.length() + 1))
        .sorted()
        .toList();
  }

  /** Returns whether the background service has ever found another one of its kind running. */
  boolean hadTwoOfJobs() {
    return Files.exists(directory.resolve("application").resolve(KillApplication.TWO));
  }

  /** Returns what hosts have started, but for what they have launched, and what still runs. */
  Map<Long, String> helpers() {
    Map<Long, String> helpers = MarkedProcesses.startedByHosts(group.name());
    running.forEach(host -> helpers.remove(host.pid()));
    return helpers;
  }

  private InetSocketAddress frontDoor() {
    URI door = group.service("web").frontDoor().orElseThrow();
    return new InetSocketAddress(door.getHost(), door.getPort());
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(interrupted);
    begun.close();
  }
}
