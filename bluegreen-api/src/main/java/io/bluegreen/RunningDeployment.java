package io.bluegreen;

import java.util.Optional;

/**
 * A deployment that runs now, in this process or in another, or that is suspended. A request to it
 * is left in the store, and its process acts on it within about a second; where it is suspended,
 * the next operation, recovery or {@link BlueGreenManager#carryOn} does.
 */
public interface RunningDeployment {
  /** Returns its id. */
  String id();

  /** Returns who runs it; empty if it is suspended. */
  Optional<LeaseOwner> owner();

  /**
   * Returns the phase that it is in, as far as it is recorded; empty before its first step, and for
   * a recovery.
   *
   * @throws StoreException if the state can't be read, or is corrupt
   */
  Optional<Phase> phase();

  /**
   * Asks it to go back and end.
   *
   * @param by who asks; not blank
   * @param why the reason; not blank
   * @throws OperationRefusedException if it has ended
   */
  void abort(String by, String why);

  /**
   * Lets it go on where it waits for a person.
   *
   * @throws OperationRefusedException if it has ended
   */
  void approve(String by, String why);

  /**
   * Asks it to stay where it is before the next move of traffic.
   *
   * @throws OperationRefusedException if it has ended
   */
  void pause(String by, String why);

  /**
   * Lets it go on after a pause.
   *
   * @throws OperationRefusedException if it has ended
   */
  void resume(String by, String why);
}
