package io.bluegreen;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Starts and stops the processes of a slot. The manager only ever names the candidate's slot,
 * except when a background service is handed over, or a former live colour is retired.
 *
 * <p>A launch is known by its token: the engine journals the token before it calls {@link #launch},
 * and the launcher puts it where it can be found again (the environment of the process), so that a
 * process whose launch was never acknowledged, because this JVM was killed in between, is found and
 * stopped.
 *
 * <p>Methods may block; the engine calls them on a thread of its own, and interrupts them at the
 * policy's limit. Prove an implementation with {@code
 * io.bluegreen.testing.contract.LauncherContract}.
 */
public interface Launcher extends AutoCloseable {
  /**
   * Returns what speaks against a launch, as far as that can be told before anything is done. It
   * touches nothing: it starts, stops, makes and changes nothing, and holds no port. The engine
   * asks before the first effect of a deployment, again when its hooks of {@link Phase#PREPARE}
   * have run and nothing is stopped yet, and right before the launch; and {@code plan()} asks.
   * There must be no false alarm: what is found here, {@link #launch} refuses. Nothing found is no
   * promise that the launch succeeds. By default nothing is looked at.
   *
   * <p>What is thrown here, or takes longer than the policy's limit for a launch, refuses the
   * deployment, too.
   *
   * @param occupant the token of the launch that the record knows in this slot: it is stopped
   *     before the launch, so that what it holds, such as the slot's port, is no reason; empty
   *     where the record knows none
   * @return empty if nothing is known to speak against it
   */
  default List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(occupant, "occupant");
    return List.of();
  }

  /**
   * Starts all instances of a slot and returns without waiting until they are healthy. Idempotent
   * for one token.
   *
   * @param token 1 to 64 of {@code a-z} and {@code 0-9}, new for every launch
   * @throws LaunchException if they could not be started; then none of them is left running. It
   *     says whether the call did anything: a launch that is {@linkplain
   *     LaunchException.Effect#UNCHANGED refused}, because something else runs there or an argument
   *     is wrong, is not undone, and the slot counts as it did before
   */
  void launch(Slot slot, Release release, String token);

  /**
   * Ends what was launched with this token: asks, waits for the grace, then forces, and returns
   * when it has ended. Does nothing where nothing with this token runs; a process that does not
   * bear the token is never touched.
   *
   * @throws LaunchException if it still runs, or could not be asked; {@linkplain
   *     LaunchException.Effect#UNCHANGED refused} if nothing was told to end: then the slot counts
   *     as it did before
   */
  void stop(Slot slot, String token, Duration grace);

  /**
   * Returns what runs in a slot that this launcher did not start, and that {@link #adopt} would
   * take over. Touches nothing. RUNNING, with what it is for a person (pid, start, user, program),
   * is what can be taken over; ABSENT says that nothing runs there; EXTERNAL that somebody else
   * starts and stops it, and may go on doing so; UNKNOWN that it can't be taken over, or can't be
   * told: its detail says why, and what to do. By default UNKNOWN.
   */
  default LaunchState adoptable(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return LaunchState.unknown(
        this
            + " can't take over what it did not start; CommandLauncher takes over what its"
            + " commands can tell of and stop");
  }

  /**
   * Takes over what runs in a slot, though this launcher did not start it: from now on it is known
   * by the token as if it had been launched with it, {@link #state} tells of it, and {@link #stop}
   * ends it. Starts and stops nothing. Idempotent for one token. Called only where a person asked
   * for it by {@link Operation#adopt}. An adoption that is given up is not told: what runs must not
   * be changed by it, and the token is then never used again. By default refused.
   *
   * @param release what the person says that it is
   * @param token as for {@link #launch}
   * @throws LaunchException if it is not what {@link #adoptable} calls RUNNING or EXTERNAL; nothing
   *     was started or ended
   */
  default void adopt(Slot slot, Release release, String token) {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(token, "token");
    throw new LaunchException(
        slot + " is not taken over: " + adoptable(slot).detail(), LaunchException.Effect.UNCHANGED);
  }

  /**
   * Returns what became of the launch with this token; never throws for a launch it does not know.
   */
  LaunchState state(Slot slot, String token);

  /** Ends what the launcher holds open; launched processes live on. By default nothing. */
  @Override
  default void close() {}

  /**
   * Returns the launcher for services that somebody else starts and stops: they are only checked.
   */
  static Launcher external() {
    return ExternalLauncher.INSTANCE;
  }
}
