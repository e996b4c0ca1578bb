package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;

/**
 * Puts gates together. Every one is asked at every look, one after the other on the calling thread,
 * whatever the others said, so that gates which gather figures never miss a look; together they
 * have the policy's limit for one look. A gate that throws or answers null is INCONCLUSIVE. Reason
 * and figures name the gate that they are from, by its {@code toString}, or by its place where it
 * is a lambda. Closing the whole closes each part once.
 */
public final class Gates {
  private Gates() {}

  /**
   * Returns a gate that is FAILED if one is, else INCONCLUSIVE if one is, and PASSED only if every
   * one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gate all(Gate... gates) {
    ArgumentChecks.noNulls("gates", gates);
    return new CompositeGate("all", List.of(gates), PartVerdict::all);
  }

  /**
   * Returns a gate that is PASSED if at least one is, else INCONCLUSIVE if one is, and FAILED only
   * if every one is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Gate any(Gate... gates) {
    ArgumentChecks.noNulls("gates", gates);
    return new CompositeGate("any", List.of(gates), PartVerdict::any);
  }

  /**
   * Returns a gate that asks another, tells its verdict, and {@linkplain Gate#decides() decides}
   * nothing: it is PASSED whatever the other says, or if it throws or answers null; where it hangs,
   * the deployment goes on without it. The reason then begins with {@code warning only} and the
   * other's verdict, and the figures have that verdict's kind as {@code verdict}.
   *
   * <p>As a part of {@link #all} or {@link #any} it is asked beside the others, on a thread of its
   * own, and what it has not said within a second, or until the others have answered if that is
   * later, is not waited for.
   */
  public static Gate warnOnly(Gate gate) {
    Objects.requireNonNull(gate, "gate");
    return new WarnOnlyGate(gate);
  }
}
