package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Command;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import io.bluegreen.support.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One switch of reload mode: write, test, reload, prove; and back where that fails. A crash at any
 * point leaves the former file or the new one, each of which nginx can start with.
 */
final class ReloadSwitch {
  private static final Duration POLL = Duration.ofMillis(2);

  /** nginx tries to bind a port 5 times, each 500 ms after the last. */
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(700);

  private static final Duration ALL_TRIES = Duration.ofMillis(3_500);
  private static final Duration LEAST = Duration.ofMillis(50);
  private static final Duration UNDO = Duration.ofSeconds(20);

  private final NginxSettings settings;
  private final Path file;
  private final ReloadMode mode;
  private final ReloadPlan plan;
  private final Switch change;
  private final Optional<NginxWorkers> workers;
  private final TimeSource time;

  ReloadSwitch(
      NginxSettings settings, Path file, ReloadMode mode, ReloadPlan plan, TimeSource time) {
    this.settings = settings;
    this.file = file;
    this.mode = mode;
    this.plan = plan;
    this.change = plan.change();
    this.workers = plan.workers();
    this.time = time;
  }

  /**
   * Does it.
   *
   * @throws RouterException if it was not proven
   */
  void make() {
    Deadline end = time.deadline(SwitchAdmission.within(change));
    tooShort().or(this::deadly).or(this::twoMasters).ifPresent(this::refuse);
    try {
      replace(file.resolveSibling("." + file.getFileName() + ".prev"), plan.back());
      settings.checkpoint.at("former kept");
      replace(file, plan.text());
      settings.checkpoint.at("written");
    } catch (IOException e) {
      throw failed("it could not be written: " + Failures.reason(e), false, e);
    }
    try {
      Command.Result test = run(settings.testCommand(), left(end));
      if (!test.ok()) {
        throw failed(
            "the configuration does not pass " + told(settings.testCommand(), test), false, null);
      }
      settings.checkpoint.at("tested");
      Optional<String> deadly = deadly();
      if (deadly.isPresent()) {
        throw failed(deadly.get(), false, null);
      }
      reload(end);
      settings.checkpoint.at("proven");
      letFormerWorkersGo(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("it was interrupted", true, e);
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), true, e);
    }
  }

  private Optional<String> tooShort() {
    return settings
        .minTimeout
        .filter(keeps -> keeps.compareTo(SwitchAdmission.within(change)) >= 0)
        .map(
            keeps ->
                "by keepalive_min_timeout former workers may serve for "
                    + Durations.describe(keeps)
                    + ", but it may take no more than "
                    + limit());
  }

  /** Workers that can't enter their directory die, and the former ones are told to quit first. */
  private Optional<String> deadly() {
    return workers
        .flatMap(NginxWorkers::goneDirectory)
        .map(
            gone ->
                "the working directory of nginx's workers, "
                    + gone
                    + ", is gone: after a reload none would start; create it");
  }

  /** A reload would reach one of them only, and the other's workers accept as before. */
  private Optional<String> twoMasters() {
    return workers
        .map(NginxWorkers::masters)
        .filter(masters -> masters.size() > 1)
        .map(
            masters ->
                "nginx's binary is being upgraded: two masters "
                    + masters
                    + " have workers that take requests, and a reload reaches only one; end the"
                    + " former master first, by kill -QUIT");
  }

  private void refuse(String reason) {
    RouterTruth now = mode.current();
    throw new RouterException(
        "the switch to "
            + change.to()
            + " was refused: "
            + reason
            + "; nothing was changed; "
            + serves(now),
        SwitchAdmission.effect(now, change));
  }

  private void reload(Deadline end) throws IOException, InterruptedException {
    ErrorLog log = ErrorLog.now(settings.errorLog, workers);
    AwaitedGeneration next = () -> generation() == change.generation();
    try (Proof proof = Proof.of(settings, workers, next, time)) {
      Command.Result reload = run(settings.reloadCommand(), left(end));
      settings.checkpoint.at("reload asked");
      if (!reload.ok()) {
        throw new IOException("no reload by " + told(settings.reloadCommand(), reload));
      }
      while (!holds(proof)) {
        Optional<String> failure = log.failure();
        if (failure.isPresent()) {
          throw new IOException("nginx did not take it: " + failure.get());
        }
        if (end.over()) {
          throw new IOException(
              unproven()
                  + "; the error log "
                  + settings.errorLog
                  + (log.isReadable() ? " tells no reason" : " can't be read"));
        }
        time.sleep(POLL);
      }
    }
  }

  /** A worker that does not answer just now proves nothing; the deadline is the caller's. */
  private static boolean holds(Proof proof) throws InterruptedException {
    try {
      return proof.holds();
    } catch (IOException notNow) {
      return false;
    }
  }

  /** Those that serve idle connections for a while are waited for; all others accept nothing. */
  private void letFormerWorkersGo(Deadline end) throws IOException, InterruptedException {
    Deadline enough = time.deadline(settings.minTimeout.orElse(Duration.ZERO));
    while (!enough.over() && workers.map(NginxWorkers::quitting).orElse(1) > 0) {
      if (end.over()) {
        throw new IOException(unproven() + ": former workers still serve idle connections");
      }
      time.sleep(POLL);
    }
  }

  private String unproven() {
    return "generation " + change.generation() + " was not proven within " + limit();
  }

  private String limit() {
    return Durations.describe(SwitchAdmission.within(change));
  }

  /** One limit for all of it; a program gets a moment in any case, to say why it fails. */
  private Duration left(Deadline end) {
    Duration left = end.left();
    return left.compareTo(LEAST) < 0 ? LEAST : left;
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
      undo = "the former file could not be put back: " + Failures.reason(e);
    } catch (InterruptedException e) {
      interrupted = true;
      undo = "putting the former file back was interrupted";
    }
    RouterTruth now = mode.current();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new RouterException(
        "the switch to " + change.to() + " failed: " + reason + "; " + undo + "; " + serves(now),
        SwitchAdmission.effect(now, change),
        cause);
  }

  private boolean undo(boolean reload) throws IOException, InterruptedException {
    replace(file, plan.back());
    settings.checkpoint.at("put back");
    if (!reload) {
      return true;
    }
    ErrorLog log = ErrorLog.now(settings.errorLog, workers);
    run(settings.reloadCommand(), UNDO);
    settings.checkpoint.at("reload back asked");
    Duration quiet = log.isReadable() ? BETWEEN_TRIES : ALL_TRIES;
    long former = plan.running().status().generation();
    AwaitedGeneration served = () -> log.failure().isEmpty() && generation() == former;
    QuietProof proof = new QuietProof(served, time, quiet);
    Deadline end = time.deadline(UNDO);
    while (!holds(proof)) {
      if (end.over()) {
        return false;
      }
      time.sleep(POLL);
    }
    return true;
  }

  private String serves(RouterTruth now) {
    return now instanceof RouterTruth.Known known
        ? "nginx serves " + known.running()
        : "nginx does not answer, look into " + settings.errorLog;
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
    DurableFile.replace(path, text.getBytes(StandardCharsets.UTF_8), FileMode.READABLE.ofFile());
  }
}
