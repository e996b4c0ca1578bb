package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.CloseAll;
import io.bluegreen.support.Reopenable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Probes every instance of the candidate once at each look: PASSED if all are up, FAILED if one is
 * down. Where asked, the live colour is probed in the same look, so that a sick rollback target is
 * known before it is needed. A probe that hangs, throws or answers null is DOWN, and the reason
 * names the instance.
 *
 * <pre>{@code
 * HealthGate.of(HttpHealthCheck.get("/health/deep")).watchLive()
 * }</pre>
 *
 * <p>Immutable, and safe for use by several threads; each method returns a changed copy. The first
 * look opens threads, since a check may block; {@link #close} ends them and closes the checks, and
 * a later look opens them again.
 */
public final class HealthGate implements Gate {
  /** How long one look may take, unless {@link #within} says otherwise: 2 s. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(2);

  private final HealthCheck check;
  private final Map<String, HealthCheck> others;
  private final boolean live;
  private final Duration limit;
  private final Reopenable<TimeSource> time =
      new Reopenable<>(TimeSource::system, TimeSource::close);

  private HealthGate(
      HealthCheck check, Map<String, HealthCheck> others, boolean live, Duration limit) {
    this.check = check;
    this.others = others;
    this.live = live;
    this.limit = limit;
  }

  /** Returns a gate that probes the candidate with a check, which it closes when it is closed. */
  public static HealthGate of(HealthCheck check) {
    Objects.requireNonNull(check, "check");
    return new HealthGate(check, Map.of(), false, DEFAULT_LIMIT);
  }

  /** Returns this gate with another check for one service. */
  public HealthGate service(String name, HealthCheck other) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(other, "other");
    Map<String, HealthCheck> more = new LinkedHashMap<>(others);
    more.put(name, other);
    return new HealthGate(check, Map.copyOf(more), live, limit);
  }

  /**
   * Returns this gate probing the live colour, too, and telling how it is in reason and figures. It
   * does not decide: with a sick live colour there is nothing good to go back to, and a healthy
   * candidate is the better place for the traffic.
   */
  public HealthGate watchLive() {
    return new HealthGate(check, others, true, limit);
  }

  /**
   * Returns this gate with another limit for one look; a probe that takes longer is DOWN. Keep it
   * below the policy's limit for one look, which is {@code Probing.timeout}.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public HealthGate within(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return new HealthGate(check, others, live, ArgumentChecks.positive("longest", longest));
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    Objects.requireNonNull(context, "context");
    List<Instance> candidates = instances(context.candidates());
    List<Instance> lives = live ? instances(context.live()) : List.of();
    if (candidates.isEmpty()) {
      return Verdict.inconclusive("there is no instance to probe");
    }
    Map<Instance, HealthCheck> checks = new LinkedHashMap<>();
    Stream.concat(candidates.stream(), lives.stream())
        .forEach(instance -> checks.put(instance, checkOf(instance)));
    return verdict(candidates, lives, HealthCheck.probeAll(checks, limit, time.get()));
  }

  @Override
  public void close() {
    List<AutoCloseable> parts = new ArrayList<>(List.of(time, check));
    parts.addAll(others.values());
    CloseAll.of(parts);
  }

  /** Returns the check, and whether the live colour is probed. */
  @Override
  public String toString() {
    return "health of the candidate" + (live ? " and the live colour" : "");
  }

  private HealthCheck checkOf(Instance instance) {
    return others.getOrDefault(instance.service(), check);
  }

  private Verdict verdict(
      List<Instance> candidates, List<Instance> lives, Map<Instance, Health> healths) {
    String sick = down(candidates, healths);
    String sickLive = down(lives, healths);
    Map<String, String> figures = new TreeMap<>();
    figures.put("candidate", up(candidates, healths));
    if (live) {
      figures.put("live", up(lives, healths));
    }
    String told = sickLive.isEmpty() ? "" : "the live colour is sick: " + sickLive;
    if (!sick.isEmpty()) {
      return new Verdict(Verdict.Kind.FAILED, sick + (told.isEmpty() ? "" : "; " + told), figures);
    }
    if (told.isEmpty()) {
      return new Verdict(Verdict.Kind.PASSED, "every instance is up", figures);
    }
    return new Verdict(Verdict.Kind.PASSED, "every candidate is up, but " + told, figures);
  }

  private static List<Instance> instances(List<Slot> slots) {
    return slots.stream().flatMap(slot -> slot.instances().stream()).toList();
  }

  private static String down(List<Instance> instances, Map<Instance, Health> healths) {
    return instances.stream()
        .filter(instance -> !up(instance, healths))
        .map(instance -> instance + " " + healths.get(instance))
        .collect(Collectors.joining("; "));
  }

  private static String up(List<Instance> instances, Map<Instance, Health> healths) {
    long up = instances.stream().filter(instance -> up(instance, healths)).count();
    return up + " of " + instances.size() + " up";
  }

  private static boolean up(Instance instance, Map<Instance, Health> healths) {
    Health health = healths.get(instance);
    return health != null && health.up();
  }
}
