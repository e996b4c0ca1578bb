package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.util.Optional;

/** Watches one reload: is made before it, is asked again and again after it, and is closed then. */
interface Proof extends AutoCloseable {
  /**
   * Returns whether no request that starts now can reach a former worker.
   *
   * @throws IOException if nginx does not answer just now
   */
  boolean holds() throws IOException, InterruptedException;

  /** Returns the same; false also where nginx does not answer just now, which proves nothing. */
  default boolean holdsNow() throws InterruptedException {
    try {
      return holds();
    } catch (IOException noAnswer) {
      return false;
    }
  }

  @Override
  default void close() {}

  /**
   * Returns the proof that the settings ask for.
   *
   * @param workers of this nginx, where they can be seen
   * @param next whether the generation that is waited for answers
   * @throws IOException if it can't be watched
   */
  static Proof of(
      NginxSettings settings,
      Optional<NginxWorkers> workers,
      AwaitedGeneration next,
      TimeSource time)
      throws IOException {
    ReloadProof wanted = settings.proof;
    if (wanted == ReloadProof.AUTOMATIC) {
      wanted = workers.isPresent() ? ReloadProof.PROCESSES : ReloadProof.SENTINELS;
    }
    return switch (wanted) {
      case SENTINELS, AUTOMATIC -> SentinelProof.before(settings.door(), next, time);
      case QUIET_WINDOW -> new QuietProof(next, time, QuietProof.WINDOW);
      case PROCESSES, ASSISTED_QUIT ->
          new ProcessProof(
              workers.orElseThrow(
                  () -> new IOException("nginx's processes can't be seen any more")),
              next,
              wanted == ReloadProof.ASSISTED_QUIT,
              time);
    };
  }
}
