package io.bluegreen.launch;

import io.bluegreen.Color;
import io.bluegreen.LaunchException;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What every part of launching on this machine works with. Immutable but for the children.
 *
 * @param directory the records and the output of launched processes
 * @param table what the kernel says about processes
 * @param children the launched processes that this JVM is the parent of
 * @param time to wait by
 * @param adopting whether processes that somebody else started may be taken over
 */
record LaunchContext(
    RunDirectory directory,
    ProcessTable table,
    ChildProcesses children,
    TimeSource time,
    boolean adopting) {
  /**
   * Returns the one of this machine and this user.
   *
   * @throws LaunchException on an operating system other than Linux
   */
  static LaunchContext ofThisMachine() {
    requireLinux(System.getProperty("os.name", ""));
    return new LaunchContext(
        RunDirectory.ofUser(System.getenv(), System.getProperty("user.home", "/")),
        new ProcessTable(Path.of("/proc")),
        new ChildProcesses(),
        TimeSource.system(),
        false);
  }

  static void requireLinux(String operatingSystem) {
    if (!operatingSystem.equals("Linux")) {
      throw new LaunchException(
          "ProcessLauncher needs Linux (proc(5) and setsid), but this is "
              + operatingSystem
              + "; use CommandLauncher with the service manager of this system");
    }
  }

  /** Returns this context where processes may be taken over. */
  LaunchContext thatAdopts() {
    return new LaunchContext(directory, table, children, time, true);
  }

  /** Returns this context with another directory. */
  LaunchContext with(RunDirectory other) {
    return new LaunchContext(other, table, children, time, adopting);
  }

  /** Returns this context with another view of the machine. */
  LaunchContext with(ProcessTable other) {
    return new LaunchContext(directory, other, children, time, adopting);
  }

  /** Returns this context with another time. */
  LaunchContext with(TimeSource other) {
    return new LaunchContext(directory, table, children, other, adopting);
  }

  /**
   * Says which processes of a launch that is on record still run, if some do.
   *
   * @throws IOException if processes can't be listed
   */
  Optional<String> stillRuns(Slot slot, LaunchRecord record) throws IOException {
    List<HostProcess> running = processes(record).find(record.running(table));
    return running.isEmpty()
        ? Optional.empty()
        : Optional.of(
            slot
                + ": "
                + running
                + (record.takenOver() ? ", taken over as launch " : " of its launch ")
                + record.id().token()
                + " (version "
                + record.version()
                + ") still runs");
  }

  /**
   * Says why a process that a record names does not count as one of the launch, and what to do.
   *
   * @throws IOException if that can't be told
   */
  String notBelieved(Slot slot, LaunchRecord record, HostProcess process) throws IOException {
    return record.takenOver()
        ? directory.notTakenOver(
            slot, process.pid(), TakeoverRule.objection(table, process, record.id()).orElse(""))
        : directory.remedy(slot, process.pid());
  }

  /** Returns what to do about processes of another launch of a slot. */
  static String waysOut(Slot slot) {
    return "stop that first, or take it over with " + adopting(slot.service().name(), slot.color());
  }

  /** Returns the call that takes over what runs in a slot. */
  static String adopting(String service, Color color) {
    return "Operation.adopt(release).on(Color." + color.name() + ").service(\"" + service + "\")";
  }

  /** Returns the processes that have the mark of a launch, to find and to end. */
  LaunchedProcesses processes(LaunchId id) {
    return new LaunchedProcesses(table, id, time);
  }

  /** Returns the processes of a launch that is on record, to find and to end. */
  LaunchedProcesses processes(LaunchRecord record) {
    return new LaunchedProcesses(table, record.id(), time, record.origin());
  }
}
