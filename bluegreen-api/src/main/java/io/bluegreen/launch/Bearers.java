package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes that bear the mark of one launch, found by asking all of this user's processes.
 * What a file says about a launch is never enough for a signal.
 */
final class Bearers {
  /** How long a killed process may take to end: it may be waiting for a disk. */
  static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private static final Duration FIRST_POLL = Duration.ofMillis(10);
  private static final Duration LONGEST_POLL = Duration.ofMillis(250);

  private final ProcessTable table;
  private final Mark mark;
  private final TimeSource time;

  Bearers(ProcessTable table, Mark mark, TimeSource time) {
    this.table = table;
    this.mark = mark;
    this.time = time;
  }

  /**
   * Returns them all, this JVM excepted.
   *
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> find() throws IOException {
    int user = table.ownUser();
    List<HostProcess> found = new ArrayList<>();
    for (long pid : table.pids()) {
      if (pid != ProcessHandle.current().pid()) {
        table.bearer(pid, user, mark).ifPresent(found::add);
      }
    }
    return found;
  }

  /**
   * Ends them all: SIGTERM, the grace, SIGKILL.
   *
   * @param mains processes that are known to have been launched; they are waited for also while
   *     they show no mark (as for a moment when they become another program), but never signalled
   *     then
   * @throws LaunchException if one is still there
   * @throws IOException if processes can't be listed
   */
  void end(Duration grace, List<HostProcess> mains) throws IOException, InterruptedException {
    if (!gone(grace, mains, false) && !gone(KILL_LIMIT, mains, true)) {
      List<HostProcess> left = find();
      throw new LaunchException(
          left.isEmpty()
              ? mark
                  + ": "
                  + running(mains)
                  + " was launched here, but no longer shows the token in its environment, so it"
                  + " is not signalled; end it by hand"
              : mark + ": " + left + " still runs " + KILL_LIMIT.toSeconds() + " s after SIGKILL");
    }
  }

  private boolean gone(Duration limit, List<HostProcess> mains, boolean force)
      throws IOException, InterruptedException {
    Duration deadline = time.elapsed().plus(limit);
    Duration poll = FIRST_POLL;
    List<HostProcess> asked = new ArrayList<>();
    // One empty look is no proof: a process that becomes another program shows no environment then.
    for (int empty = 0; empty < 2; poll = longer(poll)) {
      List<HostProcess> found = find();
      for (HostProcess process : found) {
        if (force || asked.stream().noneMatch(process::same)) {
          signal(process, force);
          asked.add(process);
        }
      }
      empty = found.isEmpty() && running(mains).isEmpty() ? empty + 1 : 0;
      if (empty == 0 && time.elapsed().compareTo(deadline) >= 0) {
        return false;
      }
      time.sleep(poll);
    }
    return true;
  }

  /**
   * The handle remembers the start of the process behind this number; then mark, user and start are
   * read once more; then the JDK compares the start again in the call that signals. What remains is
   * the moment between that comparison and kill(2), in which the process would have to end and its
   * number to be given away.
   */
  private void signal(HostProcess process, boolean force) throws IOException {
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (handle.isPresent()
        && table.bearer(process.pid(), table.ownUser(), mark).filter(process::same).isPresent()) {
      // Both return whether it was signalled; the next look tells more, whether it has ended.
      if (force) {
        handle.get().destroyForcibly();
      } else {
        handle.get().destroy();
      }
    }
  }

  private List<HostProcess> running(List<HostProcess> mains) throws IOException {
    List<HostProcess> running = new ArrayList<>();
    for (HostProcess main : mains) {
      if (table.runs(main)) {
        running.add(main);
      }
    }
    return running;
  }

  private static Duration longer(Duration poll) {
    Duration next = poll.multipliedBy(2);
    return next.compareTo(LONGEST_POLL) < 0 ? next : LONGEST_POLL;
  }
}
