package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The way back of a switch that failed: the former file, and a reload where nginx may have read the
 * new one.
 */
record ReloadUndo(
    NginxSettings settings, Path file, ReloadMode mode, ReloadPlan plan, TimeSource time) {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** nginx tries to bind a port 5 times, each 500 ms after the last. */
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(700);

  private static final Duration ALL_TRIES = Duration.ofMillis(3_500);

  /**
   * Goes back.
   *
   * @param reload whether nginx may have read the new file
   * @return whether nginx answers the former generation, or was never told another
   */
  boolean make(boolean reload) throws IOException, InterruptedException {
    GeneratedFile.replace(file, plan.back());
    settings.checkpoint.at("put back");
    if (!reload) {
      return true;
    }
    ErrorLog log = ErrorLog.now(settings.errorLog, plan.workers());
    new NginxProgram(settings.reloadCommand()).run(LIMIT);
    settings.checkpoint.at("reload back asked");
    Duration quiet = log.isReadable() ? BETWEEN_TRIES : ALL_TRIES;
    long former = plan.running().status().generation();
    AwaitedGeneration served =
        () -> log.failure().isEmpty() && mode.running().status().generation() == former;
    QuietProof proof = new QuietProof(served, time, quiet);
    Deadline end = time.deadline(LIMIT);
    while (!proof.holdsNow()) {
      if (end.over()) {
        return false;
      }
      time.sleep(ReloadSwitch.POLL);
    }
    return true;
  }
}
