package io.bluegreen.launch;

import io.bluegreen.Instance;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchState;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Slot;
import io.bluegreen.launch.EndpointHolder.Found;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the processes that listen at the endpoints of a slot, though this library did not
 * start them. All that it does is to write a record of them.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  private final LaunchContext context;
  private final Slot slot;
  private final LaunchId id;
  private final List<HostProcess> found = new ArrayList<>();

  Takeover(LaunchContext context, Slot slot, LaunchId id) {
    this.context = context;
    this.slot = slot;
    this.id = id;
  }

  /** Says what could be taken over, as {@link io.bluegreen.Launcher#adoptable} does. */
  LaunchState look() {
    try {
      return lookAtAll();
    } catch (IOException | LaunchException e) {
      return LaunchState.unknown(
          slot + ": it can't be told what runs there: " + Failures.reason(e));
    }
  }

  /**
   * Takes it over.
   *
   * @throws LaunchException if it can't be; nothing was changed
   */
  void take(String version) {
    try {
      Optional<LaunchRecord> record = context.directory().record(slot);
      if (record.isPresent() && record.get().id().equals(id) && allRun(record.get())) {
        return;
      }
      LaunchState state = look();
      if (state.kind() != Kind.RUNNING) {
        throw refused(
            state.kind() == Kind.ABSENT ? "nothing listens at its endpoints" : state.detail());
      }
      ProcessTable here = context.table();
      LaunchRecord taken =
          new LaunchRecord(
              id,
              version,
              here.bootId(),
              here.namespace(),
              found.stream().map(one -> new LaunchRecord.Started(one.pid(), one.start())).toList(),
              LaunchRecord.Origin.TAKEN_OVER);
      context.directory().prepare(slot.group(), here.ownUser());
      context.directory().save(slot, taken);
      LOG.info("{}: took over {} as version {}", slot, state.detail(), version);
    } catch (IOException e) {
      throw refused(Failures.reason(e));
    }
  }

  private LaunchException refused(String why) {
    return new LaunchException(
        slot + " is not taken over: " + why + ". Nothing was changed.", Effect.UNCHANGED);
  }

  private LaunchState lookAtAll() throws IOException {
    found.clear();
    List<String> idle = new ArrayList<>();
    for (Instance instance : slot.instances()) {
      Found one = new EndpointHolder(context.table(), id).at(instance);
      if (one instanceof Found.Refused refused) {
        return LaunchState.unknown(instance + ": " + refused.reason());
      } else if (one instanceof Found.Holder holder) {
        found.add(holder.process());
      } else {
        idle.add(instance.toString());
      }
    }
    Optional<String> objection = known();
    if (found.isEmpty() && objection.isEmpty()) {
      return LaunchState.absent();
    }
    if (!idle.isEmpty() && !found.isEmpty()) {
      objection =
          Optional.of(
              "nothing listens at "
                  + String.join(", ", idle)
                  + ", but "
                  + shown()
                  + " listens; start what is missing, or end what runs");
    }
    if (objection.isEmpty()) {
      objection = shared();
    }
    if (objection.isEmpty() && !context.adopting()) {
      objection =
          Optional.of(
              shown()
                  + " runs there; allow that it is taken over with"
                  + " ProcessLauncher.adoptingProcesses(), or use CommandLauncher");
    }
    return objection.isPresent()
        ? LaunchState.unknown(objection.get())
        : LaunchState.running(shown());
  }

  /** Says that processes of another launch still run which are not what was found. */
  private Optional<String> known() throws IOException {
    Optional<LaunchRecord> record = context.directory().record(slot);
    if (record.isPresent() && record.get().isElsewhere(context.table())) {
      return Optional.of(context.directory().unseen(slot));
    }
    if (record.isEmpty() || covers(running(record.get()))) {
      return Optional.empty();
    }
    return context
        .stillRuns(slot, record.get())
        .map(still -> still + ", and is not what listens there; stop that first");
  }

  private List<HostProcess> running(LaunchRecord record) throws IOException {
    return context.processes(record).find(record.running(context.table()));
  }

  private boolean covers(List<HostProcess> processes) throws IOException {
    Set<Long> ours = family();
    return processes.stream().allMatch(one -> ours.contains(one.pid()));
  }

  /** Says that what was found serves more than one instance, or the other colour, too. */
  private Optional<String> shared() throws IOException {
    if (found.stream().map(HostProcess::pid).distinct().count() < found.size()) {
      return Optional.of(
          shown() + ": one process for several instances; each needs its own to be taken over");
    }
    Set<Long> ours = family();
    for (Instance other : slot.other().instances()) {
      for (long pid : new EndpointHolder(context.table(), id).all(other)) {
        if (ours.contains(pid)) {
          return Optional.of(
              ProcessFacts.shown(context.table(), pid)
                  + " belongs to "
                  + shown()
                  + ", and listens at "
                  + other
                  + " of the other colour, too; use CommandLauncher with commands that know one"
                  + " from the other");
        }
      }
    }
    return ofAnotherSlot(ours);
  }

  /**
   * Says that what was found is, starts, or was started by what is on record of another slot: a
   * stop of one would end the other.
   */
  private Optional<String> ofAnotherSlot(Set<Long> ours) throws IOException {
    for (LaunchRecord other : context.directory().others(slot)) {
      if (other.isElsewhere(context.table())) {
        continue;
      }
      for (HostProcess theirs : running(other)) {
        if (ours.contains(theirs.pid())) {
          return Optional.of(
              ProcessFacts.shown(context.table(), theirs.pid())
                  + " is on record of "
                  + other.id()
                  + ", too, and would end with it; use CommandLauncher with commands that know one"
                  + " from the other");
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the numbers of what was found and of all that descends from it. */
  private Set<Long> family() throws IOException {
    List<HostProcess> all = new ArrayList<>(found);
    for (HostProcess one : found) {
      all.addAll(new ProcessTree(context.table(), one).descendants());
    }
    return all.stream().map(HostProcess::pid).collect(Collectors.toSet());
  }

  private boolean allRun(LaunchRecord record) throws IOException {
    return record.running(context.table()).size() == slot.instances().size();
  }

  /** Shows what was found: number, program, user and start, never an argument. */
  private String shown() throws IOException {
    List<String> shown = new ArrayList<>();
    for (HostProcess one : found) {
      shown.add(
          ProcessFacts.shown(context.table(), one.pid())
              + " since "
              + context.table().startOf(one).truncatedTo(ChronoUnit.SECONDS));
    }
    return String.join(", ", shown) + " of user " + System.getProperty("user.name", "?");
  }
}
