package io.bluegreen.engine;

import io.bluegreen.LeaseLostException;
import io.bluegreen.RouterTruth;
import io.bluegreen.StateCorruptException;
import io.bluegreen.StateStore;
import io.bluegreen.StoreException;
import io.bluegreen.TimeSource;
import io.bluegreen.engine.JournalEntry.Mark;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The state document under the lease: an intent is saved before its effect, the fact after it. Each
 * save compares what is stored with what was saved last, so that a document that somebody else put
 * there is never written over.
 */
final class Journal {
  private static final long FAR = 1_000;

  private final StateStore store;
  private final StateStore.Lease lease;
  private final TimeSource time;
  private final StateDocument state;

  /** What may be stored: what was saved last, and after a failure also what was to be saved. */
  private final Set<Long> stored = new HashSet<>();

  /** What was saved last, byte for byte: where it is still stored, nothing needs to be compared. */
  private byte[] saved = {};

  private long savedGeneration;

  private Journal(StateStore store, StateStore.Lease lease, TimeSource time, StateDocument state) {
    this.store = store;
    this.lease = lease;
    this.time = time;
    this.state = state;
    this.savedGeneration = state.generation;
    stored.add(state.sequence);
  }

  /** Reads the document, without the lease. */
  static StateDocument read(StateStore store, String group) {
    return parse(store.load(), group);
  }

  private static StateDocument parse(Optional<byte[]> stored, String group) {
    StateDocument state =
        stored
            .map(StateCodec::read)
            .orElseGet(
                () -> {
                  StateDocument fresh = new StateDocument();
                  fresh.group = group;
                  return fresh;
                });
    if (!state.group.equals(group)) {
      throw new StateCorruptException(
          "the state is that of group "
              + state.group
              + ", not of "
              + group
              + "; give each group a store of its own");
    }
    return state;
  }

  /** Takes the document over: from here on no earlier holder of the lease can save or switch. */
  static Journal begin(StateStore store, StateStore.Lease lease, TimeSource time, String group) {
    Journal journal = new Journal(store, lease, time, read(store, group));
    journal.saving(() -> journal.state.epoch++);
    return journal;
  }

  /** Returns whether this may act; otherwise it can be read only. */
  boolean acts() {
    return lease != NoLease.INSTANCE;
  }

  /** Returns a journal that can be read only. */
  static Journal unleased(StateStore store, TimeSource time, String group) {
    return new Journal(store, NoLease.INSTANCE, time, read(store, group));
  }

  /**
   * Goes on from a router that may be ahead of the record, because the record is an older copy or
   * is gone.
   */
  void catchUp(RouterTruth.Known truth) {
    saving(
        () -> {
          state.generation = Math.max(state.generation, truth.generation());
          raiseEpoch(truth.fence());
        });
  }

  /** Makes the router take our switches again, though it has seen a higher fence than ours. */
  void outbid(long fence) {
    saving(() -> raiseEpoch(fence));
  }

  /**
   * Raises the epoch above the fence that the router has seen; and by the clock above those that it
   * has not seen yet, because a manager that was overtaken may still be about to ask for a switch.
   */
  private void raiseEpoch(long fence) {
    long ahead = Math.max(state.epoch + FAR, time.now().toEpochMilli());
    state.epoch = Math.max(ahead, fence + 1);
  }

  /**
   * Returns the generation for a switch that is no step of the plan, and saves it. The generation
   * that is set aside for the way back is replaced by a higher one, so that it stays ahead of every
   * switch that was made.
   */
  long ownGeneration() {
    boolean reserved = state.isReturnReserved();
    saving(() -> state.generation += reserved ? 2 : 1);
    return state.generation - (reserved ? 1 : 0);
  }

  /**
   * Sets another generation aside: an earlier process may have gone back with this one, and not
   * have recorded it.
   */
  void renewReserve() {
    if (open().returnReserved) {
      saving(() -> state.generation++);
    }
  }

  StateDocument state() {
    return state;
  }

  OpenDeployment open() {
    return Objects.requireNonNull(state.open, "no deployment is open");
  }

  void intent(JournalEntry entry) {
    boolean carriedOn =
        open().waits()
            && open().last().filter(last -> last.line().equals(entry.line())).isPresent();
    if (carriedOn) {
      save(); // A wait that starts again is on record already.
    } else {
      if (entry.mark() == Mark.UNDO_INTENT) { // Every recovery tries this again.
        open()
            .entries
            .removeIf(tried -> tried.step() == entry.step() && tried.mark() == Mark.UNDO_INTENT);
      }
      record(entry);
    }
  }

  /** Records that the step of the last intent is done. */
  void done() {
    JournalEntry intent = open().last().orElseThrow();
    record(
        intent.marked(intent.mark() == Mark.UNDO_INTENT ? Mark.UNDO_FACT : Mark.FACT, time.now()));
  }

  /** Forgets the last intent: its step was refused, and has done nothing. */
  void withdraw() {
    open().entries.remove(open().entries.size() - 1);
    save();
  }

  private void record(JournalEntry entry) {
    open().entries.add(entry);
    save();
  }

  void save() {
    saving(() -> {});
  }

  /** Returns the last generation that is known to be on record. */
  long savedGeneration() {
    return savedGeneration;
  }

  /**
   * Makes sure of the lease before every effect: between an intent and its effect there may be a
   * wait.
   *
   * @throws LeaseLostException if somebody else may act by now
   */
  void requireLease() {
    if (!lease.held()) {
      throw new LeaseLostException(
          "the lease on group " + state.group + " was lost; nothing more is done here");
    }
  }

  private void saving(Runnable change) {
    requireLease();
    requireOurs(store.load());
    change.run();
    state.sequence++;
    stored.add(state.sequence);
    byte[] document = StateCodec.write(state);
    try {
      store.save(document, lease);
    } catch (StoreException e) {
      requireLease(); // If it was lost meanwhile, another process decides: nothing goes back here.
      throw e;
    }
    saved = document;
    savedGeneration = state.generation;
    stored.clear();
    stored.add(state.sequence);
  }

  private void requireOurs(Optional<byte[]> document) {
    if (document.isPresent() && Arrays.equals(document.get(), saved)) {
      return;
    }
    StateDocument now = parse(document, state.group);
    if (now.epoch != state.epoch || !stored.contains(now.sequence)) {
      throw new LeaseLostException(
          "the state of group "
              + state.group
              + " was replaced by somebody else (epoch "
              + now.epoch
              + ", sequence "
              + now.sequence
              + ", expected "
              + state.epoch
              + " and "
              + state.sequence
              + "); nothing more is done here");
    }
  }

  private enum NoLease implements StateStore.Lease {
    INSTANCE;

    @Override
    public boolean held() {
      return false;
    }

    @Override
    public void close() {}
  }
}
