package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchState;
import io.bluegreen.Slot;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One launch of one slot as processes of this machine: starts them, records them, ends them. */
final class ProcessLaunch {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLaunch.class);

  private final LaunchContext context;
  private final Slot slot;
  private final LaunchId id;

  ProcessLaunch(LaunchContext context, Slot slot, LaunchId id) {
    this.context = context;
    this.slot = slot;
    this.id = id;
  }

  /** Starts one process with each builder, or none. */
  void begin(List<ProcessBuilder> builders, String version) {
    try {
      beginUnlessBegun(builders, version);
    } catch (IOException e) {
      throw new LaunchException(slot + ": could not be launched: " + Failures.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException(slot + ": the launch was interrupted", e);
    }
  }

  /** Ends all processes of the launch. */
  void end(Duration grace) {
    try {
      endAll(grace);
    } catch (IOException e) {
      throw new LaunchException(slot + ": could not be stopped: " + Failures.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException(slot + ": interrupted while it was stopped; it may still run", e);
    }
  }

  private void beginUnlessBegun(List<ProcessBuilder> builders, String version)
      throws IOException, InterruptedException {
    context.directory().prepare(slot.group(), context.table().ownUser());
    if (!begunBefore()) {
      // What an interrupted launch with this token left is ended, and the launch starts again.
      context.processes(id).end(ProcessLauncher.GRACE_AFTER_FAILURE, ownMains());
      new OccupiedPorts(context.table()).refuseHeld(slot.instances());
      ProcessTable here = context.table();
      start(builders, new LaunchRecord(id, version, here.bootId(), here.namespace(), List.of()));
    }
  }

  private void endAll(Duration grace) throws IOException, InterruptedException {
    Optional<LaunchRecord> record = Optional.empty();
    Optional<LaunchException> damaged = Optional.empty();
    try {
      record = context.directory().record(slot).filter(found -> found.id().equals(id));
    } catch (LaunchException e) {
      damaged = Optional.of(e);
    }
    boolean elsewhere = record.isPresent() && record.get().isElsewhere(context.table());
    if (elsewhere && context.processes(id).find().isEmpty()) {
      throw new LaunchException(context.directory().unseen(slot), Effect.UNCHANGED);
    }
    List<HostProcess> mains = record.isEmpty() ? List.of() : record.get().running(context.table());
    record.map(context::processes).orElseGet(() -> context.processes(id)).end(grace, mains);
    if (record.isPresent()) {
      refuseForeign(record.get(), mains);
    }
    if (damaged.isPresent()) {
      throw damaged.get();
    }
    forget(record.isPresent());
  }

  /** Returns whether the launch is done already; refuses where another one of this slot runs. */
  private boolean begunBefore() throws IOException {
    Optional<LaunchRecord> record = context.directory().record(slot);
    if (record.isPresent() && !record.get().id().equals(id)) {
      refuseRunning(record.get());
      return false;
    }
    return record.filter(found -> found.instances().size() == slot.instances().size()).isPresent()
        || new LaunchInspection(context, slot, id).ask().kind() == LaunchState.Kind.RUNNING;
  }

  private void refuseRunning(LaunchRecord other) throws IOException {
    Optional<String> found = context.stillRuns(slot, other);
    if (found.isPresent()) {
      throw new LaunchException(
          found.get() + "; " + LaunchContext.waysOut(slot) + ". Nothing was started.",
          Effect.UNCHANGED);
    }
  }

  private void start(List<ProcessBuilder> builders, LaunchRecord none) {
    LaunchRecord record = none;
    List<HostProcess> started = new ArrayList<>();
    try {
      for (ProcessBuilder builder : builders) {
        int index = record.instances().size();
        Process process = start(builder, index);
        Optional<HostProcess> found = context.table().find(process.pid());
        found.ifPresent(started::add);
        record =
            record.with(
                new LaunchRecord.Started(process.pid(), found.map(HostProcess::start).orElse(0L)));
        context.directory().save(slot, record);
        LOG.info("{}: launched instance {} as pid {}", slot, index, process.pid());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw undone(started, record.instances().size(), e);
    }
  }

  private Process start(ProcessBuilder builder, int index)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("before instance " + index);
    }
    OutputFile output = context.directory().output(slot, index);
    output.begin();
    Process process = builder.redirectOutput(Redirect.appendTo(output.path().toFile())).start();
    context.children().add(id, index, process);
    return process;
  }

  /** Ends what was started; an interruption only hurries that. */
  private LaunchException undone(List<HostProcess> started, int index, Exception reason) {
    // The flag would keep the clean-up from waiting and from writing.
    boolean interrupted = Thread.interrupted() || reason instanceof InterruptedException;
    String left = "; nothing is left running";
    try {
      interrupted |= ended(started, ProcessLauncher.GRACE_AFTER_FAILURE);
      forget(true);
    } catch (IOException | InterruptedException | RuntimeException e) {
      interrupted |= e instanceof InterruptedException;
      reason.addSuppressed(e);
      left = "; some of it may still run, and is found by its token";
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new LaunchException(
        slot + ": instance " + index + " could not be started: " + Failures.reason(reason) + left,
        reason);
  }

  /** Returns whether it was interrupted while it waited. */
  private boolean ended(List<HostProcess> started, Duration grace)
      throws IOException, InterruptedException {
    try {
      context.processes(id).end(grace, started);
      return false;
    } catch (InterruptedException e) {
      context.processes(id).end(Duration.ZERO, started);
      return true;
    }
  }

  private void forget(boolean recorded) throws IOException {
    if (recorded) {
      context.directory().forget(slot);
      LOG.info("{}: stopped", slot);
    }
    context.children().forget(id);
  }

  /** Returns the main processes that an interrupted launch with this token has left on record. */
  private List<HostProcess> ownMains() throws IOException {
    Optional<LaunchRecord> record = context.directory().record(slot);
    return record.isPresent() && record.get().id().equals(id)
        ? record.get().running(context.table())
        : List.of();
  }

  /**
   * Refuses where a process on record still runs after all others have ended: it was not launched
   * here, or may not be taken over.
   */
  private void refuseForeign(LaunchRecord record, List<HostProcess> mains) throws IOException {
    for (HostProcess main : mains) {
      if (context.table().runs(main)) {
        throw new LaunchException(
            context.notBelieved(slot, record, main) + ". It was not signalled.");
      }
    }
  }
}
