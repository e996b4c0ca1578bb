package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.TreeMap;

/**
 * Takes over what runs in a slot and was not launched here: the launcher knows it by a token from
 * then on. It changes nothing of what runs, and its undo only forgets the token.
 *
 * @param byName whether only the version is put on record, because no launcher here can stop it
 */
record AdoptStep(Slot slot, Release release, String token, boolean byName) implements Step {
  @Override
  public StepKind kind() {
    return StepKind.ADOPT;
  }

  @Override
  public Phase phase() {
    return Phase.LAUNCH;
  }

  @Override
  public String what() {
    return "adopt " + release + " on " + slot + (byName ? " by name only" : "");
  }

  @Override
  public String subject() {
    return slot.toString();
  }

  @Override
  public Duration within(DeploymentPolicy policy) {
    return policy.limits().launch();
  }

  @Override
  public JournalEntry entry(OperationRun run) {
    run.journal.open().keep(slot, run.state().standing(slot));
    run.state().stopped.remove(slot.toString());
    run.state()
        .slots
        .put(slot.toString(), SlotOccupant.adopted(release, token, run.setup.time().now(), byName));
    return intent(run, null, null);
  }

  @Override
  public void run(OperationRun run) throws StepNotDone, InterruptedException {
    run.adopt(slot, release, token, byName);
  }

  @Override
  public boolean isRefusal(StepNotDone failure) {
    return failure.isRefusedByLauncher();
  }

  @Override
  public void refused(OperationRun run) {
    run.putBack(slot);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void undo(OperationRun run) {
    run.putBack(slot);
  }

  /**
   * Notes that the adopted slots are live, where the operation has succeeded: in one save with its
   * end, so that after a kill it is whole or not done.
   */
  static void noteWhatIsLive(OperationRun run, OpenDeployment open) {
    StateDocument state = run.state();
    TreeMap<String, Integer> live = new TreeMap<>();
    if (state.acknowledged != null) {
      live.putAll(state.acknowledged.green());
    }
    for (Slot slot : run.slots(open.candidates)) {
      String service = slot.service().name();
      if (!slot.service().routed()) {
        state.background.put(service, slot.color());
      } else if (open.to.share(service, slot.color()) == 100) {
        state.adopted.put(service, slot.color());
        live.put(service, open.to.share(service, Color.GREEN));
      }
      state.promotions.computeIfPresent(
          service, (key, last) -> last.from(slot.color(), state.occupant(slot)));
    }
    if (!live.isEmpty()) { // The services that were not adopted are not acknowledged by that.
      state.acknowledged = new TrafficSplit(live); // Nothing was switched.
    }
  }
}
