package io.bluegreen.nginx;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import io.bluegreen.support.TrustedProxies;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How nginx is reached and rendered. Each method that is named like one of {@link NginxRouter}
 * checks its argument as that one promises, and returns a changed copy. Immutable.
 */
final class NginxSettings {
  private static final Duration LEAST_KEPT = Duration.ofMillis(1);
  private static final Duration LONGEST_KEPT = Duration.ofMinutes(1);

  /** The state directory in live mode, the directory of the generated file in reload mode. */
  final Path home;

  Optional<StatusAddress> door = Optional.empty();
  Path accessLog;
  Path errorLog;
  Path pidFile;
  Optional<String> workerUser = Optional.empty();
  Optional<String> cookie = Optional.of("bgkey");
  Optional<PreviewRule> preview = Optional.empty();
  TrustedProxies trusted = TrustedProxies.NONE;
  Map<String, DirectPorts> direct = Map.of();
  Optional<Function<Slot, InFlight>> counter = Optional.empty();
  Optional<TimeSource> time = Optional.empty();

  /** What nginx sees otherwise, if it runs in a container. */
  Optional<ContainerView> container = Optional.empty();

  Checkpoint checkpoint = point -> {};

  /** In reload mode the one file that this library owns. */
  Optional<Path> generated = Optional.empty();

  List<String> nginx = List.of("nginx");
  Optional<List<String>> test = Optional.empty();
  Optional<List<String>> reload = Optional.empty();
  Optional<Duration> minTimeout = Optional.empty();
  ReloadProof proof = ReloadProof.AUTOMATIC;

  private NginxSettings(Path home) {
    this.home = SafeText.path("directory", home);
    this.accessLog = this.home.resolve("access.log");
    this.errorLog = this.home.resolve("error.log");
    this.pidFile = this.home.resolve("nginx.pid");
  }

  private NginxSettings(NginxSettings from) {
    this(from, from.home);
  }

  private NginxSettings(NginxSettings from, Path home) {
    this.home = home;
    container = from.container;
    door = from.door;
    accessLog = from.accessLog;
    errorLog = from.errorLog;
    pidFile = from.pidFile;
    workerUser = from.workerUser;
    cookie = from.cookie;
    preview = from.preview;
    trusted = from.trusted;
    direct = from.direct;
    counter = from.counter;
    time = from.time;
    checkpoint = from.checkpoint;
    generated = from.generated;
    nginx = from.nginx;
    test = from.test;
    reload = from.reload;
    minTimeout = from.minTimeout;
    proof = from.proof;
  }

  /** Returns the settings of live mode. */
  static NginxSettings live(Path stateDirectory) {
    return new NginxSettings(Objects.requireNonNull(stateDirectory, "stateDirectory"));
  }

  /** Returns the settings of reload mode. */
  static NginxSettings reload(Path generatedFile) {
    Objects.requireNonNull(generatedFile, "generatedFile");
    Path file = SafeText.path("generated file", generatedFile);
    Path directory = file.getParent();
    if (directory == null) {
      throw new IllegalArgumentException("generated file: expected a file in a directory");
    }
    return new NginxSettings(directory).with(copy -> copy.generated = Optional.of(file));
  }

  NginxSettings status(String url) {
    StatusAddress loopback = StatusAddress.loopback(Objects.requireNonNull(url, "url"));
    return with(copy -> copy.door = Optional.of(loopback));
  }

  NginxSettings statusSocket(Path socket) {
    StatusAddress unix = StatusAddress.socket(Objects.requireNonNull(socket, "socket"));
    return with(copy -> copy.door = Optional.of(unix));
  }

  NginxSettings accessLog(Path log) {
    Path path = SafeText.path("access log", Objects.requireNonNull(log, "log"));
    return with(copy -> copy.accessLog = path);
  }

  NginxSettings errorLog(Path log) {
    Path path = SafeText.path("error log", Objects.requireNonNull(log, "log"));
    return with(copy -> copy.errorLog = path);
  }

  NginxSettings pidFile(Path file) {
    Path path = SafeText.path("pid file", Objects.requireNonNull(file, "file"));
    return with(copy -> copy.pidFile = path);
  }

  NginxSettings workerUser(String user) {
    String name = SafeText.user(Objects.requireNonNull(user, "user"));
    return with(copy -> copy.workerUser = Optional.of(name));
  }

  NginxSettings stickyCookie(String name) {
    String safe = SafeText.cookie(Objects.requireNonNull(name, "name"));
    return with(copy -> copy.cookie = Optional.of(safe));
  }

  NginxSettings notSticky() {
    return with(copy -> copy.cookie = Optional.empty());
  }

  NginxSettings preview(String header, String... networks) {
    Objects.requireNonNull(header, "header");
    ArgumentChecks.noNulls("networks", networks);
    PreviewRule some = new PreviewRule(header, List.of(networks));
    return with(copy -> copy.preview = Optional.of(some));
  }

  NginxSettings trustedProxies(String... networks) {
    TrustedProxies some = TrustedProxies.of(networks);
    return with(copy -> copy.trusted = some);
  }

  NginxSettings directPorts(String service, int blue, int green) {
    Map<String, DirectPorts> more = new TreeMap<>(direct);
    more.put(Objects.requireNonNull(service, "service"), new DirectPorts(blue, green));
    return with(copy -> copy.direct = Map.copyOf(more));
  }

  NginxSettings inFlight(Function<Slot, InFlight> asked) {
    Objects.requireNonNull(asked, "counter");
    return with(copy -> copy.counter = Optional.of(asked));
  }

  NginxSettings nginxCommand(List<String> argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(argv);
    return with(copy -> copy.nginx = command);
  }

  NginxSettings testCommand(String... argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(List.of(argv));
    return with(copy -> copy.test = Optional.of(command));
  }

  NginxSettings reloadCommand(String... argv) {
    ArgumentChecks.noNulls("argv", argv);
    List<String> command = SafeText.command(List.of(argv));
    return with(copy -> copy.reload = Optional.of(command));
  }

  NginxSettings proof(ReloadProof wanted) {
    Objects.requireNonNull(wanted, "proof");
    return with(copy -> copy.proof = wanted);
  }

  NginxSettings keepaliveMinTimeout(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    if (limit.compareTo(LEAST_KEPT) < 0 || limit.compareTo(LONGEST_KEPT) > 0) {
      throw new IllegalArgumentException(
          "keepaliveMinTimeout: expected 1 ms to one minute, but was " + Durations.describe(limit));
    }
    return with(copy -> copy.minTimeout = Optional.of(limit));
  }

  NginxSettings inContainer(ContainerView view) {
    Objects.requireNonNull(view, "view");
    return with(copy -> copy.container = Optional.of(view));
  }

  NginxSettings time(TimeSource lent) {
    Objects.requireNonNull(lent, "time");
    return with(copy -> copy.time = Optional.of(lent));
  }

  NginxSettings checkpoint(Checkpoint told) {
    return with(copy -> copy.checkpoint = told);
  }

  /**
   * Returns nginx's private door; by default a socket.
   *
   * @throws IllegalArgumentException if the path of that would be too long
   */
  StatusAddress door() {
    return door.orElseGet(() -> StatusAddress.socket(home.resolve("status.sock")));
  }

  /**
   * Returns these settings with the paths that stand in nginx's configuration.
   *
   * @throws IllegalArgumentException if nginx runs in a container that does not share a folder
   */
  NginxSettings asNginxSees() {
    if (container.isEmpty()) {
      return this;
    }
    NginxSettings seen = new NginxSettings(this, inside(home));
    seen.accessLog = inside(accessLog);
    seen.errorLog = inside(errorLog);
    seen.pidFile = inside(pidFile);
    seen.generated = generated.map(this::inside);
    seen.door = Optional.of(door().in(container.get()));
    return seen;
  }

  private Path inside(Path here) {
    return SafeText.path("path in the container", container.orElseThrow().inside(here));
  }

  /** Returns an address as it stands in nginx's configuration. */
  URI asNginxSees(URI address) {
    return container.map(view -> view.inside(address)).orElse(address);
  }

  /** Returns a group with the addresses that stand in nginx's configuration. */
  Group asNginxSees(Group group) {
    return container.map(view -> view.inside(group)).orElse(group);
  }

  /** Returns the file that is locked while a switch is under way. */
  Path lock() {
    return generated
        .map(file -> file.resolveSibling("." + file.getFileName() + ".lock"))
        .orElseGet(() -> home.resolve(".lock"));
  }

  /** Returns whether a colour without a share can be reached, by preview or a direct port. */
  boolean reaches(Service service) {
    return preview.isPresent() || direct.containsKey(service.name());
  }

  /** Returns the command that judges the configuration. */
  List<String> testCommand() {
    return test.orElseGet(() -> nginx("-t"));
  }

  /** Returns the command that tells nginx to read its configuration again. */
  List<String> reloadCommand() {
    return reload.orElseGet(() -> nginx("-s", "reload"));
  }

  /** Returns the command that tells nginx's version and the modules that it was built with. */
  List<String> versionCommand() {
    return nginx("-V");
  }

  private NginxSettings with(Consumer<NginxSettings> change) {
    NginxSettings copy = new NginxSettings(this);
    change.accept(copy);
    return copy;
  }

  private List<String> nginx(String... more) {
    List<String> argv = new ArrayList<>(nginx);
    argv.addAll(List.of(more));
    return List.copyOf(argv);
  }
}
