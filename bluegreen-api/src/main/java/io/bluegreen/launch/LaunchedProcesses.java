package io.bluegreen.launch;

import io.bluegreen.Deadline;
import io.bluegreen.LaunchException;
import io.bluegreen.TimeSource;
import io.bluegreen.launch.LaunchRecord.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds and ends the processes of one launch: all of this user that have its mark, and its main
 * processes, which are known by number and start, with their descendants. The mark alone is not
 * enough: a program may write over its environment, be started without it, or change its user. A
 * number together with its start is given to no other process in one run of the machine.
 *
 * <p>Of a main process that was taken over only the descendants belong to it, and {@link
 * TakeoverRule} is asked again each time before it counts: nothing else is ever signalled.
 */
final class LaunchedProcesses {
  /** How long a killed process may take to end; it may be waiting for a disk. */
  static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private static final Duration FIRST_POLL = Duration.ofMillis(10);
  private static final Duration LONGEST_POLL = Duration.ofMillis(250);

  private final ProcessTable table;
  private final LaunchId id;
  private final TimeSource time;
  private final Origin origin;

  LaunchedProcesses(ProcessTable table, LaunchId id, TimeSource time) {
    this(table, id, time, Origin.LAUNCHED);
  }

  LaunchedProcesses(ProcessTable table, LaunchId id, TimeSource time, Origin origin) {
    this.table = table;
    this.id = id;
    this.time = time;
    this.origin = origin;
  }

  /**
   * Returns the processes that have the mark, but not this JVM.
   *
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> find() throws IOException {
    int user = table.ownUser();
    List<HostProcess> found = new ArrayList<>();
    for (long pid : table.pids()) {
      if (pid != ProcessHandle.current().pid()) {
        table.ofLaunch(pid, user, id).ifPresent(found::add);
      }
    }
    return found;
  }

  /**
   * Returns all.
   *
   * @param mains processes that are on record
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> find(List<HostProcess> mains) throws IOException {
    List<HostProcess> all = find();
    for (HostProcess main : mains) {
      if (isMain(main)) {
        add(all, List.of(main));
        ProcessTree tree = new ProcessTree(table, main);
        add(all, origin == Origin.TAKEN_OVER ? tree.descendants() : tree.members());
      }
    }
    return all;
  }

  /**
   * Returns whether a process that is on record was launched here, or may be taken over, and still
   * runs. It was launched, if it shows the mark, or if it leads the session that setsid made for
   * it, which no process can leave, and shows no other mark. So an edited record that names some
   * other process is not believed.
   *
   * @throws IOException if that can't be told
   */
  boolean isMain(HostProcess recorded) throws IOException {
    if (origin == Origin.TAKEN_OVER) {
      return TakeoverRule.objection(table, recorded, id).isEmpty() && table.runs(recorded);
    }
    Optional<HostProcess> running = table.find(recorded.pid()).filter(recorded::same);
    if (running.isEmpty()) {
      return false;
    }
    return table.ofLaunch(recorded.pid(), table.ownUser(), id).filter(recorded::same).isPresent()
        || (running.get().leadsSession() && !id.isForeignTo(table.environment(recorded.pid())));
  }

  /**
   * Ends them all: SIGTERM, the grace, SIGKILL.
   *
   * @param mains processes that are on record
   * @throws LaunchException if one is still there
   * @throws IOException if processes can't be listed
   */
  void end(Duration grace, List<HostProcess> mains) throws IOException, InterruptedException {
    List<HostProcess> signalled = new ArrayList<>();
    if (!gone(grace, mains, signalled, false) && !gone(KILL_LIMIT, mains, signalled, true)) {
      throw new LaunchException(
          id
              + ": "
              + running(signalled)
              + " still runs "
              + KILL_LIMIT.toSeconds()
              + " s after SIGKILL; a process of another user has to be ended by that user or root");
    }
  }

  /**
   * Returns whether all have ended within the limit.
   *
   * @param signalled what was signalled so far; a process is not found again once its parent has
   *     ended
   */
  private boolean gone(
      Duration limit, List<HostProcess> mains, List<HostProcess> signalled, boolean force)
      throws IOException, InterruptedException {
    Deadline deadline = time.deadline(limit);
    Duration poll = FIRST_POLL;
    List<HostProcess> asked = new ArrayList<>();
    // One empty look is no proof: a process that becomes another program shows no environment then.
    for (int empty = 0; empty < 2; poll = longer(poll)) {
      List<HostProcess> found = find(mains);
      add(found, running(signalled));
      add(signalled, found);
      for (HostProcess process : found) {
        if (force || asked.stream().noneMatch(process::same)) {
          signal(process, force);
          asked.add(process);
        }
      }
      empty = found.isEmpty() ? empty + 1 : 0;
      if (empty == 0 && deadline.over()) {
        return false;
      }
      time.sleep(poll);
    }
    return true;
  }

  /**
   * The handle remembers the start of the process behind this number; then the start is compared
   * with that of the process that was found; then the JDK compares it again in the call that
   * signals. What remains is the moment between that comparison and kill(2), in which the process
   * would have to end and its number to be given away.
   */
  private void signal(HostProcess process, boolean force) throws IOException {
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (handle.isPresent() && table.runs(process)) {
      // Both return whether it was signalled. The next look says more: whether it has ended.
      if (force) {
        handle.get().destroyForcibly();
      } else {
        handle.get().destroy();
      }
    }
  }

  private List<HostProcess> running(List<HostProcess> some) throws IOException {
    List<HostProcess> running = new ArrayList<>();
    for (HostProcess one : some) {
      if (table.runs(one)) {
        running.add(one);
      }
    }
    return running;
  }

  private static void add(List<HostProcess> to, List<HostProcess> more) {
    for (HostProcess one : more) {
      if (to.stream().noneMatch(one::same)) {
        to.add(one);
      }
    }
  }

  private static Duration longer(Duration poll) {
    Duration next = poll.multipliedBy(2);
    return next.compareTo(LONGEST_POLL) < 0 ? next : LONGEST_POLL;
  }
}
