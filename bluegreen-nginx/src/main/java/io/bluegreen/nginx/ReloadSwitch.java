package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Command;
import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One switch of reload mode: write, test, reload, prove; and back where that fails. A crash at any
 * point leaves the former file or the new one, each of which nginx can start with.
 */
final class ReloadSwitch {
  private static final Duration POLL = Duration.ofMillis(2);
  private static final Duration QUIET = Duration.ofMillis(400);

  /** nginx tries to bind a port 5 times, each 500 ms after the last. */
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(700);

  private static final Duration ALL_TRIES = Duration.ofMillis(3_500);
  private static final Duration UNDO = Duration.ofSeconds(20);

  /** A worker that has nothing left to do is gone a moment after it stopped to accept. */
  private static final Duration EXIT = Duration.ofMillis(500);

  private final NginxSettings settings;
  private final Path file;
  private final Group group;
  private final ReloadConfig config;
  private final ReloadMode mode;
  private final Switch change;
  private final Running running;
  private final GeneratedFile before;
  private final Optional<Workers> workers;
  private final TimeSource time;

  ReloadSwitch(
      NginxSettings settings,
      Path file,
      Group group,
      ReloadConfig config,
      ReloadMode mode,
      Switch change,
      Running running,
      GeneratedFile before,
      TimeSource time) {
    this.settings = settings;
    this.file = file;
    this.group = group;
    this.config = config;
    this.mode = mode;
    this.change = change;
    this.running = running;
    this.before = before;
    this.workers = Workers.around(running.pid());
    this.time = time;
  }

  /** Returns what was seen of the proxy, with the highest fence of its two places. */
  Durable seen() {
    Durable durable = before.durable();
    return new Durable(
        durable.generation(),
        Optional.of(last()),
        durable.green(),
        durable.drift(),
        last().fence());
  }

  /** Returns whether this very generation runs already, and lies whole on the disk. */
  boolean isDone() {
    return running.status().generation() == change.generation()
        && running.status().splitOf(group).equals(change.to())
        && isWhole(change.generation())
        && running.config().equals(config.digest())
        && last().fence() == change.fence();
  }

  /** Returns the whole new file. */
  String text() {
    Status next = last().after(change);
    return GeneratedFile.render(next, former(), config.body(next));
  }

  /**
   * Does it.
   *
   * @throws RouterException if it was not proven
   */
  void make() {
    try {
      refuseDeadlyReload();
      replace(file.resolveSibling("." + file.getFileName() + ".prev"), back());
      settings.checkpoint.at("former kept");
      replace(file, text());
      settings.checkpoint.at("written");
    } catch (IOException e) {
      throw failed("it could not be written: " + e, false, e);
    }
    try {
      Command.Result test = run(settings.testCommand(), change.within());
      if (!test.ok()) {
        throw failed(
            "the configuration does not pass " + told(settings.testCommand(), test), false, null);
      }
      settings.checkpoint.at("tested");
      reload();
      settings.checkpoint.at("proven");
      letFormerWorkersGo();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("it was interrupted", true, e);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), true, e);
    }
  }

  private void reload() throws IOException, InterruptedException {
    ErrorLog log = ErrorLog.now(settings.errorLog, workers);
    try (Proof proof = proof()) {
      Command.Result reload = run(settings.reloadCommand(), change.within());
      settings.checkpoint.at("reload asked");
      if (!reload.ok()) {
        throw new IOException("no reload by " + told(settings.reloadCommand(), reload));
      }
      Duration end = time.elapsed().plus(change.within());
      while (!holds(proof)) {
        Optional<String> failure = log.failure();
        if (failure.isPresent()) {
          throw new IOException("nginx did not take it: " + failure.get());
        }
        if (time.elapsed().compareTo(end) >= 0) {
          throw new IOException(
              "generation "
                  + change.generation()
                  + " was not proven within "
                  + change.within().toMillis()
                  + " ms; the error log "
                  + settings.errorLog
                  + (log.isReadable() ? " tells no reason" : " can't be read"));
        }
        time.sleep(POLL);
      }
    }
  }

  private Proof proof() throws IOException {
    Generation next = () -> generation() == change.generation();
    return switch (settings.proof) {
      case PROCESSES, ASSISTED_QUIT -> {
        Workers visible =
            workers.orElseThrow(() -> new IOException("nginx's processes can't be seen any more"));
        yield new ProcessProof(visible, next, settings.proof == ReloadProof.ASSISTED_QUIT);
      }
      case SENTINELS -> SentinelProof.before(settings.door, next, time);
      case QUIET_WINDOW -> new QuietProof(next, time, QUIET);
      case AUTOMATIC ->
          workers.isPresent()
              ? new ProcessProof(workers.get(), next, false)
              : SentinelProof.before(settings.door, next, time);
    };
  }

  /** A worker that does not answer just now proves nothing; the deadline is the caller's. */
  private static boolean holds(Proof proof) throws InterruptedException {
    try {
      return proof.holds();
    } catch (IOException notNow) {
      return false;
    }
  }

  private void letFormerWorkersGo() throws InterruptedException {
    Duration wait = settings.minTimeout.orElse(workers.isPresent() ? EXIT : Duration.ZERO);
    Duration end = time.elapsed().plus(wait);
    while (time.elapsed().compareTo(end) < 0 && workers.map(Workers::quitting).orElse(1) > 0) {
      time.sleep(POLL);
    }
  }

  /** Workers that can't enter their directory die, and the former ones are told to quit first. */
  private void refuseDeadlyReload() throws IOException {
    Optional<String> gone = workers.flatMap(Workers::goneDirectory);
    if (gone.isPresent()) {
      throw new IOException(
          "the working directory of nginx's workers, "
              + gone.get()
              + ", is gone: after a reload none would start; create it");
    }
  }

  /** Puts the file back, reloads if nginx may have read it, and says what is served then. */
  private RouterException failed(String reason, boolean reload, @Nullable Exception cause) {
    boolean interrupted = Thread.interrupted();
    String undo;
    try {
      undo =
          undo(reload)
              ? "the former file was put back"
              : "the former file was put back, but nginx does not answer its generation";
    } catch (IOException e) {
      undo = "the former file could not be put back: " + e;
    } catch (InterruptedException e) {
      interrupted = true;
      undo = "putting the former file back was interrupted";
    }
    RouterTruth now = mode.current();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new RouterException(
        "the switch to "
            + change.to()
            + " failed: "
            + reason
            + "; "
            + undo
            + "; "
            + (now instanceof RouterTruth.Known known
                ? "nginx serves " + known.running()
                : "nginx does not answer, look into " + settings.errorLog),
        Admission.effect(now, change),
        cause);
  }

  private boolean undo(boolean reload) throws IOException, InterruptedException {
    replace(file, back());
    if (!reload) {
      return true;
    }
    ErrorLog log = ErrorLog.now(settings.errorLog, workers);
    run(settings.reloadCommand(), UNDO);
    Duration quiet = log.isReadable() ? BETWEEN_TRIES : ALL_TRIES;
    Generation served =
        () -> log.failure().isEmpty() && generation() == running.status().generation();
    QuietProof proof = new QuietProof(served, time, quiet);
    Duration end = time.elapsed().plus(UNDO);
    while (!holds(proof)) {
      if (time.elapsed().compareTo(end) >= 0) {
        return false;
      }
      time.sleep(POLL);
    }
    return true;
  }

  /** What to go back to: the file as it was, if it is what runs; else what runs, rendered anew. */
  private String back() {
    return isWhole(running.status().generation())
        ? before.text()
        : GeneratedFile.render(running.status(), former(), config.body(running.status()));
  }

  private boolean isWhole(long generation) {
    return before.durable().drift().isEmpty() && before.durable().generation() == generation;
  }

  private Status last() {
    return running.status().fence(before.durable().fence());
  }

  /** Splits that workers may go on to serve after this reload: what runs, and what still did. */
  private List<TrafficSplit> former() {
    Set<TrafficSplit> splits = new LinkedHashSet<>();
    splits.add(running.status().split());
    if (workers.map(Workers::quitting).orElse(1) > 0) {
      splits.addAll(before.former());
    }
    return List.copyOf(splits);
  }

  private long generation() throws IOException {
    return mode.running().status().generation();
  }

  private static Command.Result run(List<String> argv, Duration limit)
      throws IOException, InterruptedException {
    // A variable of this name makes nginx take sockets over that it was never given.
    return Command.of(argv).without("NGINX").run(limit);
  }

  private static String told(List<String> argv, Command.Result result) {
    return "\"" + String.join(" ", argv) + "\": " + result;
  }

  private static void replace(Path path, String text) throws IOException {
    DurableFile.removeLeftoversOf(path);
    DurableFile.replace(
        path, text.getBytes(StandardCharsets.UTF_8), PosixFilePermissions.fromString("rw-r--r--"));
  }
}
