package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Command;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One switch of reload mode: write, test, reload, prove; and back where that fails. A crash at any
 * point leaves the former file or the new one, each of which nginx can start with.
 */
final class ReloadSwitch {
  static final Duration POLL = Duration.ofMillis(2);

  private static final Duration LEAST = Duration.ofMillis(50);

  private final NginxSettings settings;
  private final Path file;
  private final ReloadMode mode;
  private final ReloadPlan plan;
  private final Switch change;
  private final Optional<NginxWorkers> workers;
  private final ReloadObstacles obstacles;
  private final TimeSource time;

  ReloadSwitch(
      NginxSettings settings, Path file, ReloadMode mode, ReloadPlan plan, TimeSource time) {
    this.settings = settings;
    this.file = file;
    this.mode = mode;
    this.plan = plan;
    this.change = plan.change();
    this.workers = plan.workers();
    this.obstacles = new ReloadObstacles(settings, change, workers);
    this.time = time;
  }

  /**
   * Makes the switch.
   *
   * @throws RouterException if it was not proven
   */
  void make() {
    Deadline end = time.deadline(SwitchAdmission.within(change));
    obstacles.beforeAll().ifPresent(this::refuse);
    try {
      GeneratedFile.replace(file.resolveSibling("." + file.getFileName() + ".prev"), plan.back());
      settings.checkpoint.at("former kept");
      GeneratedFile.replace(file, plan.text());
      settings.checkpoint.at("written");
    } catch (IOException e) {
      throw failed("it could not be written: " + Failures.reason(e), false, e);
    }
    try {
      NginxProgram judge = new NginxProgram(settings.testCommand());
      Command.Result test = judge.run(left(end));
      if (!test.ok()) {
        throw failed("the configuration does not pass " + judge.told(test), false, null);
      }
      settings.checkpoint.at("tested");
      Optional<String> deadly = obstacles.goneDirectory();
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
    AwaitedGeneration next = () -> mode.running().status().generation() == change.generation();
    try (Proof proof = Proof.of(settings, workers, next, time)) {
      NginxProgram reloader = new NginxProgram(settings.reloadCommand());
      Command.Result reload = reloader.run(left(end));
      settings.checkpoint.at("reload asked");
      if (!reload.ok()) {
        throw new IOException("no reload by " + reloader.told(reload));
      }
      while (!proof.holdsNow()) {
        Optional<String> failure = log.failure();
        if (failure.isPresent()) {
          throw new IOException("nginx did not take it: " + failure.get());
        }
        if (end.over()) {
          throw new IOException(
              unproven()
                  + "; the error log "
                  + settings.errorLog
                  + (log.isReadable() ? " tells no reason" : " can't be read")
                  + unseen());
        }
        time.sleep(POLL);
      }
    }
  }

  /** Waits for former workers that keep idle connections for a while; others take nothing now. */
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

  /** nginx in a container reads the former file for ever if the file alone is mounted. */
  private String unseen() {
    if (workers.isPresent()) {
      return "";
    }
    return settings.container.isPresent()
        ? "; if nginx reads another file than "
            + settings.asNginxSees().generated.orElse(file)
            + ", let it include that one, and mount no file of the folder alone"
        : "; where nginx runs in a container, mount the folder of "
            + file
            + ", not the file alone, and name the container with inContainer(...)";
  }

  private String limit() {
    return Durations.describe(SwitchAdmission.within(change));
  }

  /**
   * Returns what is left of the one limit; at least a moment, to let a program say why it fails.
   */
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
          new ReloadUndo(settings, file, mode, plan, time).make(reload)
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

  private String serves(RouterTruth now) {
    return now instanceof RouterTruth.Known known
        ? "nginx serves " + known.running()
        : "nginx does not answer, look into " + settings.errorLog;
  }
}
