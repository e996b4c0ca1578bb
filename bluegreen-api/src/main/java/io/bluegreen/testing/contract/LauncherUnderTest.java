package io.bluegreen.testing.contract;

import io.bluegreen.Launcher;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;

/** What a test of a launcher has to bring, and what all clauses share. */
public interface LauncherUnderTest {
  /**
   * The token that each clause launches with: another one in each JVM, because a launcher may find
   * and end every process of this machine that bears a token.
   */
  String TOKEN = "contract" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);

  /** The grace that each stop is given. */
  Duration GRACE = Duration.ofSeconds(5);

  /**
   * Makes a launcher as another process would, which finds the processes that run already. It is
   * called several times in a clause, which closes each launcher.
   */
  Launcher openLauncher();

  /** Makes a launcher that can't start anything. */
  Launcher openLauncherThatCanNotStart();

  /** Returns the slot to launch in. */
  Slot slot();

  /** Returns a release that runs until it is stopped. */
  Release lasting();

  /** Returns a release that prints {@link #lastWords} and ends by itself, soon. */
  Release ending();

  /** Returns the text that {@link #ending} prints; empty if the launcher keeps no output. */
  String lastWords();

  /**
   * Starts in the slot what the launcher did not start and can take over, as somebody else would,
   * and returns when it can be seen. By default nothing is started: then only those promises are
   * asked that hold where nothing can be taken over.
   *
   * @return ends it from outside, and does nothing if it has ended; empty if nothing was started
   */
  default Optional<AutoCloseable> startStranger() {
    return Optional.empty();
  }

  /** Returns how long the contract waits for a promise that takes a while; by default 20 s. */
  default Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** Leaves nothing running, whatever the clause did. */
  @AfterEach
  default void stopWhatWasLaunched() {
    try (Launcher launcher = openLauncher()) {
      launcher.stop(slot(), TOKEN, GRACE);
      launcher.stop(slot(), TOKEN + "2", GRACE);
    }
  }
}
