package io.bluegreen.nginx;

import io.bluegreen.InFlight;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** How nginx is reached and rendered. Only {@link #with} makes a changed copy; else immutable. */
final class NginxSettings {
  /** The state directory in live mode, the directory of the generated file in reload mode. */
  final Path home;

  Optional<StatusAddress> door = Optional.empty();
  Path accessLog;
  Path errorLog;
  Path pidFile;
  Optional<String> workerUser = Optional.empty();
  Optional<String> cookie = Optional.of("bgkey");
  Optional<Preview> preview = Optional.empty();
  Map<String, DirectPorts> direct = Map.of();
  Optional<Function<Slot, InFlight>> counter = Optional.empty();
  Optional<TimeSource> time = Optional.empty();
  Checkpoint checkpoint = point -> {};

  /** In reload mode the one file that we own. */
  Optional<Path> generated = Optional.empty();

  List<String> nginx = List.of("nginx");
  Optional<List<String>> test = Optional.empty();
  Optional<List<String>> reload = Optional.empty();
  Optional<Duration> minTimeout = Optional.empty();
  ReloadProof proof = ReloadProof.AUTOMATIC;

  NginxSettings(Path home) {
    this.home = SafeText.path("directory", home);
    this.accessLog = this.home.resolve("access.log");
    this.errorLog = this.home.resolve("error.log");
    this.pidFile = this.home.resolve("nginx.pid");
  }

  private NginxSettings(NginxSettings from) {
    home = from.home;
    door = from.door;
    accessLog = from.accessLog;
    errorLog = from.errorLog;
    pidFile = from.pidFile;
    workerUser = from.workerUser;
    cookie = from.cookie;
    preview = from.preview;
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

  NginxSettings with(Consumer<NginxSettings> change) {
    NginxSettings copy = new NginxSettings(this);
    change.accept(copy);
    return copy;
  }

  NginxSettings withDirect(String service, DirectPorts ports) {
    Map<String, DirectPorts> more = new TreeMap<>(direct);
    more.put(service, ports);
    return with(copy -> copy.direct = Map.copyOf(more));
  }

  /**
   * Returns nginx's private door; by default a socket.
   *
   * @throws IllegalArgumentException if the path of that would be too long
   */
  StatusAddress door() {
    return door.orElseGet(() -> StatusAddress.socket(home.resolve("status.sock")));
  }

  /** Returns the file whose lock who switches has. */
  Path lock() {
    return generated
        .map(file -> file.resolveSibling("." + file.getFileName() + ".lock"))
        .orElseGet(() -> home.resolve(".lock"));
  }

  /** Returns the command that judges the configuration without using it. */
  List<String> testCommand() {
    return test.orElseGet(() -> nginx("-t"));
  }

  /** Returns the command that tells nginx to read its configuration again. */
  List<String> reloadCommand() {
    return reload.orElseGet(() -> nginx("-s", "reload"));
  }

  private List<String> nginx(String... more) {
    List<String> argv = new ArrayList<>(nginx);
    argv.addAll(List.of(more));
    return List.copyOf(argv);
  }
}
