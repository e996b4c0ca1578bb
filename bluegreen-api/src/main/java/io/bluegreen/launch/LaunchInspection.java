package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState;
import io.bluegreen.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds out what became of a launch, from what runs and from what was written down. */
final class LaunchInspection {
  private static final int LOOKS = 20;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private final LaunchContext context;
  private final Slot slot;
  private final LaunchId id;

  LaunchInspection(LaunchContext context, Slot slot, LaunchId id) {
    this.context = context;
    this.slot = slot;
    this.id = id;
  }

  LaunchState ask() {
    try {
      Optional<LaunchRecord> record = context.directory().record(slot);
      if (record.isEmpty() || !record.get().id().equals(id)) {
        return unrecorded();
      }
      return record.get().isElsewhere(context.table()) ? elsewhere() : recorded(record.get());
    } catch (IOException | LaunchException e) {
      return LaunchState.unknown(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LaunchState.unknown("interrupted while it was looked at");
    }
  }

  private LaunchState recorded(LaunchRecord record) throws IOException, InterruptedException {
    boolean sameBoot = record.bootId().equals(context.table().bootId());
    List<String> running = new ArrayList<>();
    List<String> ended = new ArrayList<>();
    String output = "";
    for (int index = 0; index < record.instances().size(); index++) {
      LaunchRecord.Started started = record.instances().get(index);
      Optional<HostProcess> process =
          sameBoot ? context.table().find(started.pid()).filter(started::is) : Optional.empty();
      if (process.isEmpty()) {
        // What was taken over prints elsewhere; what lies here is of a launch before it.
        boolean printed = ended.isEmpty() && !record.takenOver();
        output = printed ? context.directory().output(slot, index).tail() : output;
        ended.add(ending(index, started, sameBoot));
      } else if (isMain(record, process.get())) {
        running.add("pid " + started.pid() + (record.takenOver() ? ", taken over" : ""));
      } else if (context.table().runs(process.get())) {
        return LaunchState.unknown(context.notBelieved(slot, record, process.get()));
      } else {
        return recorded(record); // It ended between the two looks.
      }
    }
    if (!ended.isEmpty()) {
      return LaunchState.exited(String.join(", ", ended), output);
    }
    return running.size() == slot.instances().size()
        ? LaunchState.running(String.join(", ", running))
        : interrupted(running.size());
  }

  /** Processes that are not seen from here may run all the same. */
  private LaunchState elsewhere() throws IOException {
    LaunchState seen = unrecorded();
    return seen.kind() == LaunchState.Kind.ABSENT
        ? LaunchState.unknown(context.directory().unseen(slot))
        : seen;
  }

  /**
   * Says what runs where nothing is on record: the host was killed before it could write it down.
   */
  private LaunchState unrecorded() throws IOException {
    List<HostProcess> found = context.processes(id).find();
    if (found.isEmpty()) {
      return LaunchState.absent();
    }
    TreeSet<String> indexes = new TreeSet<>();
    for (HostProcess process : found) {
      if (process.leadsSession()) {
        indexes.add(context.table().environment(process.pid()).getOrDefault(LaunchId.INDEX, ""));
      }
    }
    boolean all =
        slot.instances().stream()
            .allMatch(instance -> indexes.contains(Integer.toString(instance.index())));
    return all ? LaunchState.running(found + ", found by token") : interrupted(indexes.size());
  }

  private LaunchState interrupted(int running) {
    return LaunchState.unknown(
        "the launch was interrupted: "
            + running
            + " of "
            + slot.instances().size()
            + " instances run");
  }

  /**
   * Looks again for a while: a process that is becoming setsid, or the program, shows no sign yet.
   * What was taken over is what it is.
   */
  private boolean isMain(LaunchRecord record, HostProcess process)
      throws IOException, InterruptedException {
    for (int look = 0; look < (record.takenOver() ? 1 : LOOKS); look++) {
      if (context.processes(record).isMain(process)) {
        return true;
      }
      context.time().sleep(BETWEEN_LOOKS);
    }
    return false;
  }

  private String ending(int index, LaunchRecord.Started started, boolean sameBoot)
      throws InterruptedException {
    String who = "instance " + index + " (pid " + started.pid() + ") ended";
    if (!sameBoot) {
      return who + " with the machine, which was started again since";
    }
    return who
        + context
            .children()
            .exitCode(id, index, context.time())
            .map(code -> ", exit code " + code)
            .orElse(", exit code unknown");
  }
}
