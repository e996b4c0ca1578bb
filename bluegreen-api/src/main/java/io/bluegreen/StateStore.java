package io.bluegreen;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps the one document of a group, the lease on the group, and the signals to its deployments.
 * The document belongs to the engine: a store keeps its bytes and does not look into them. Asking
 * ({@link #load}, {@link #holder}, {@link #signals}) needs no lease and is safe from any thread and
 * any process.
 *
 * <p>Prove an implementation with {@code io.bluegreen.testing.contract.StateStoreContract}.
 */
public interface StateStore extends AutoCloseable {
  /**
   * Tries to get the lease on the group, without waiting.
   *
   * @param owner who asks; others can read it while the lease is held
   * @return the {@link Lease}, or the owner that holds it
   * @throws StoreException if the store can't be used; the message has the remedy
   */
  Acquired acquire(LeaseOwner owner);

  /** Returns who holds the lease now, as far as it can be told. */
  Optional<LeaseOwner> holder();

  /**
   * Returns the document as it was last saved, or empty if none was ever saved. Never a part of
   * one.
   *
   * @throws StoreException if it can't be read; the answer is never empty then
   */
  Optional<byte[]> load();

  /**
   * Replaces the document. When it returns the document survives a crash of the machine; when it
   * throws, or the process is killed meanwhile, {@link #load} returns either the former document or
   * this one, whole.
   *
   * @throws StoreException if it was not saved, or the lease is no longer held
   */
  void save(byte[] document, Lease lease);

  /**
   * Leaves a signal for a deployment of any process.
   *
   * @throws StoreException if it was not stored
   */
  void post(Signal signal);

  /**
   * Returns the signals for a deployment in the order in which they were posted.
   *
   * @throws StoreException if they can't be read
   */
  List<Signal> signals(String deploymentId);

  /**
   * Forgets the signals for a deployment that has ended.
   *
   * @throws StoreException if they can't be removed
   */
  void forget(String deploymentId);

  /**
   * Returns what is weaker than it could be about the place where the state is kept, each with its
   * remedy, for status and results; only looks. By default nothing.
   */
  default List<String> warnings() {
    return List.of();
  }

  /** Ends what the store holds open, a lease included. By default nothing. */
  @Override
  default void close() {}

  /** The answer to {@link #acquire}. */
  sealed interface Acquired permits Lease, HeldBy {}

  /** The right to act on the group. It ends by {@link #close}, or with the process. */
  non-sealed interface Lease extends Acquired, AutoCloseable {
    /** Returns whether it is still ours; asked before every effect. */
    boolean held();

    /** Gives it up; does nothing the second time. */
    @Override
    void close();
  }

  /**
   * Somebody else has the lease.
   *
   * @param owner who has it
   */
  record HeldBy(LeaseOwner owner) implements Acquired {
    /** Refuses null. */
    public HeldBy {
      Objects.requireNonNull(owner, "owner");
    }
  }
}
