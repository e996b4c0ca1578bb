package io.bluegreen;

import java.time.Duration;

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
   * Starts all instances of a slot and returns without waiting until they are healthy. Idempotent
   * for one token.
   *
   * @param token 1 to 64 of {@code a-z} and {@code 0-9}, new for every launch
   * @throws LaunchException if they could not be started; then none of them is left running
   */
  void launch(Slot slot, Release release, String token);

  /**
   * Ends what was launched with this token: asks, waits for the grace, then forces, and returns
   * when it has ended. Does nothing where nothing with this token runs; a process that does not
   * bear the token is never touched.
   *
   * @throws LaunchException if it still runs, or could not be asked
   */
  void stop(Slot slot, String token, Duration grace);

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
