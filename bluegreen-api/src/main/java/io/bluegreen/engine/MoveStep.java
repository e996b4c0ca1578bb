package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Group;
import io.bluegreen.Phase;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import io.bluegreen.engine.JournalEntry.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes one switch. Router truth tells whether it was made, and the same switch may be made again.
 *
 * @param gaining the slots that get a larger share, and so must be proved
 */
record MoveStep(TrafficSplit from, TrafficSplit to, List<Slot> gaining) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.MOVE;
  }

  @Override
  public Phase phase() {
    return Phase.SHIFT;
  }

  @Override
  public String what() {
    return "move the traffic to "
        + to.only(gaining.stream().map(slot -> slot.service().name()).collect(Collectors.toSet()));
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().move();
  }

  @Override
  public void before(OperationRun run) throws StepNotDone, InterruptedException {
    new WaitForPerson(run).whileAsked(from, gaining);
    RouterTruth.Known truth = run.traffic.truth();
    if (!truth.running().equals(from) && !truth.running().equals(to)) {
      throw StepNotDone.because(
          "the router serves "
              + run.state().serving(truth)
              + ", and this deployment did not move it there (expected "
              + from
              + ")");
    }
    if (run.operation.force().isEmpty()) {
      run.proofs.refresh(gaining);
    }
  }

  @Override
  public RecordedStep line() {
    return new RecordedStep(kind(), phase(), subject(), to);
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    OpenDeployment open = run.journal.open();
    open.keep(run.state().waysBack());
    run.state().generation += open.returnReserved ? 1 : 2;
    open.returnReserved = true;
    open.underWay = true;
    return intent(run, to, run.state().generation - 1);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    OpenDeployment open = run.journal.open();
    try {
      run.traffic.move(from, to, run.state().generation - 1);
    } catch (StepNotDone e) {
      open.underWay = !isRefused(e);
      throw e;
    }
    open.underWay = false;
    for (Slot slot : gaining) {
      run.state().untouched.remove(slot.service().name());
      run.state().adopted.remove(slot.service().name());
    }
    if (to.equals(open.to)) {
      if (open.handovers.isEmpty()) {
        run.state().formerBackground.clear(); // It belongs to an earlier live colour.
      }
      gaining.stream().filter(slot -> open.isMadeLive(slot)).forEach(slot -> madeLive(run, slot));
    }
  }

  /**
   * Notes what is live when a deployment is closed half-way: its process may have been killed
   * before it knew that its last move was made; or the traffic may be back, though that could not
   * be proven.
   */
  static void noteWhatIsLive(OperationRun run, OpenDeployment open, TrafficSplit serving) {
    boolean known =
        open.entries.stream()
            .anyMatch(
                entry ->
                    entry.kind() == StepKind.MOVE
                        && entry.mark() == Mark.FACT
                        && open.to.equals(entry.split()));
    if (known && !open.from.equals(open.to) && serving.equals(open.wayBack(serving))) {
      WaysBack before = open.waysBackBefore();
      serving.services().forEach(service -> run.state().restore(service, before, open.id));
    } else if (!known && serving.equals(open.to) && !open.from.equals(open.to)) {
      open.candidates.forEach(
          (service, color) -> {
            Slot slot = run.setup.group().slot(service, color);
            if (slot.service().routed() && open.isMadeLive(slot)) {
              madeLive(run, slot);
            }
          });
    }
  }

  /** Notes what a rollback undoes from now on, and whether there is something to go back to. */
  private static void madeLive(OperationRun run, Slot slot) {
    StateDocument state = run.state();
    String service = slot.service().name();
    boolean first = run.journal.open().unassigned.contains(service);
    Optional<SlotOccupant> was = first ? Optional.empty() : state.occupant(slot.other());
    if (run.madeLive(slot, first, was.map(SlotOccupant::release).orElse(null))) {
      state.former.put(service, slot.color().other());
    } else {
      state.former.remove(service);
    }
  }

  /** Returns whether the router has said that it changed nothing, and never will. */
  private static boolean isRefused(StepNotDone failure) {
    return failure.getCause() instanceof RouterException refusal
        && refusal.effect() == RouterException.Effect.UNCHANGED;
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public JournalEntry undoEntry(OperationRun run) {
    OpenDeployment open = run.journal.open();
    if (open.returnReserved) {
      // An intent that could not be saved has taken a generation that is not on record.
      run.state().generation = run.journal.savedGeneration();
    } else {
      run.state().generation++;
    }
    open.returnReserved = false;
    return intent(run, open.from, run.state().generation);
  }

  /**
   * Moves the traffic back to the split that the deployment began with, but only to slots that are
   * proved again: if both colours are bad the split stays. A service for which nothing was ever
   * live stays, too.
   */
  @Override
  public void undo(OperationRun run) throws StepNotDone, InterruptedException {
    OpenDeployment open = run.journal.open();
    TrafficSplit serving = requireReturn(run);
    // Moved also if the router serves it already: a switch still under way loses to a newer one. If
    // the intent could not be saved, the last generation on record is that of an earlier way back.
    TrafficSplit back = open.wayBack(serving);
    try {
      run.traffic.move(serving, back, run.journal.savedGeneration());
    } catch (StepNotDone e) {
      open.underWay |= !isRefused(e); // This one may come late as well.
      requireNothingLost(run, back, e);
    }
    open.underWay = false;
    run.state().restore(open.waysBackBefore());
  }

  /**
   * Accepts that the router refused the way back, if it serves that split anyway, now and after a
   * restart, and no switch of ours is on its way; else fails.
   */
  private static void requireNothingLost(OperationRun run, TrafficSplit back, StepNotDone failure)
      throws StepNotDone, InterruptedException {
    OpenDeployment open = run.journal.open();
    if (open.underWay || failure.isAbort() || !run.traffic.truth().wholly(back)) {
      throw failure;
    }
    run.state().acknowledge(back, run.setup.time().now(), open.id);
    run.events.warn(
        "the router serves what it served before, now and after a restart, and nothing is lost;"
            + " but it refused a switch to that split, and may refuse the next deployment, too: "
            + failure.reason(),
        failure);
  }

  /** Returns what is served, or fails if the traffic can't go back from there now. */
  static TrafficSplit requireReturn(OperationRun run) throws StepNotDone, InterruptedException {
    OpenDeployment open = run.journal.open();
    RouterTruth.Known truth = run.traffic.truth();
    open.seen(truth);
    TrafficSplit serving = truth.running();
    if (serving.equals(open.from)) {
      return serving;
    }
    if (open.first()) {
      throw StepNotDone.because("this was a first deployment: there is nothing to go back to");
    }
    run.proofs.proveForReturn(gaining(run.setup.group(), serving, open.wayBack(serving)));
    return serving;
  }

  /** Returns the slots that get a larger share by a change of the split. */
  static List<Slot> gaining(Group group, TrafficSplit from, TrafficSplit to) {
    List<Slot> gaining = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : to.green().entrySet()) {
      String service = entry.getKey();
      int before = from.share(service, Color.GREEN);
      if (entry.getValue() != before) {
        gaining.add(group.slot(service, entry.getValue() > before ? Color.GREEN : Color.BLUE));
      }
    }
    return gaining;
  }
}
