package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A question that is asked while the traffic is held, before it moves on. A gate gives one answer;
 * the engine asks again, and keeps the deadlines. A gate that throws, returns null or does not
 * answer in time is INCONCLUSIVE with the reason; that is never a pass.
 *
 * <p>Each hold asks every gate once when the hold starts, so that a gate which counts or measures
 * knows from when on. That answer is no verdict, because what a gate sees then is the past of
 * another split. From then on it is asked at the policy's interval, and its answers count.
 *
 * <p>A gate that counts follows one deployment: give each manager gates of its own.
 */
@FunctionalInterface
public interface Gate extends AutoCloseable {
  /**
   * Returns what the router's meter must tell for this gate to judge at all. A manager refuses to
   * be built with a gate that its router's meter can't feed. Constant; by default nothing.
   */
  default Set<TrafficMeter.Measure> needs() {
    return Set.of();
  }

  /**
   * Returns whether the candidate is judged by comparing it with the live colour. That takes
   * traffic on both, so that a policy may name such a gate for its shift, but not for its bake.
   * Constant; by default false.
   */
  default boolean comparesWithLive() {
    return false;
  }

  /**
   * Returns whether its verdicts count. One that does not decide is asked and its verdicts are told
   * like any other's, but they neither fail a deployment nor hold it, also where it throws or does
   * not answer in time. Constant; by default true.
   */
  default boolean decides() {
    return true;
  }

  /** Judges the moment. May block; it is interrupted at the limit for one probe. */
  Verdict judge(Context context) throws Exception;

  /**
   * Ends what the gate holds open; by default nothing. The manager closes the gates it was given.
   */
  @Override
  default void close() {}

  /**
   * The moment to judge. Immutable.
   *
   * @param deploymentId the id of the deployment that asks
   * @param phase SHIFT while the colours share the traffic, BAKE while the candidate has all of it
   * @param release the release that the candidate runs, if it is known
   * @param candidates the slots that gain traffic, one for each service
   * @param live the slots that lose it, one for each service
   * @param split the split that the proxy serves now
   * @param held how long the split has been held
   * @param meter the router's counters, if it has some
   */
  record Context(
      String deploymentId,
      Phase phase,
      Optional<Release> release,
      List<Slot> candidates,
      List<Slot> live,
      TrafficSplit split,
      Duration held,
      Optional<TrafficMeter> meter) {
    /** Refuses null. */
    public Context {
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(phase, "phase");
      Objects.requireNonNull(release, "release");
      ArgumentChecks.noNulls("candidates", candidates);
      ArgumentChecks.noNulls("live", live);
      Objects.requireNonNull(split, "split");
      Objects.requireNonNull(held, "held");
      Objects.requireNonNull(meter, "meter");
    }
  }
}
