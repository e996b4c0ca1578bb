package io.bluegreen.launch;

import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What every part of launching on this machine works with. Immutable but for the children.
 *
 * @param directory the records and the output of launched processes
 * @param table what the kernel says about processes
 * @param children the launched processes that this JVM is the parent of
 * @param time to wait by
 */
record LaunchContext(
    RunDirectory directory, ProcessTable table, ChildProcesses children, TimeSource time) {
  /** Returns this context with another directory. */
  LaunchContext with(RunDirectory other) {
    return new LaunchContext(other, table, children, time);
  }

  /** Returns this context with another view of the machine. */
  LaunchContext with(ProcessTable other) {
    return new LaunchContext(directory, other, children, time);
  }

  /** Returns this context with another time. */
  LaunchContext with(TimeSource other) {
    return new LaunchContext(directory, table, children, other);
  }

  /**
   * Says which processes of a launch that is on record still run, if some do.
   *
   * @throws IOException if processes can't be listed
   */
  Optional<String> stillRuns(Slot slot, LaunchRecord record) throws IOException {
    List<HostProcess> running = processes(record.id()).find(record.running(table));
    return running.isEmpty()
        ? Optional.empty()
        : Optional.of(
            slot
                + ": "
                + running
                + " of its launch "
                + record.id().token()
                + " (version "
                + record.version()
                + ") still runs");
  }

  /** Returns the processes of a launch, to find and to end. */
  LaunchedProcesses processes(LaunchId id) {
    return new LaunchedProcesses(table, id, time);
  }
}
