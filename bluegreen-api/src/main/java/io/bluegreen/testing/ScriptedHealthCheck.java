package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.support.ArgumentChecks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A check that gives the answers of a test, one for each probe; the last answer repeats. Every
 * instance goes through the answers on its own. Safe for use by several threads.
 *
 * <pre>{@code
 * ScriptedHealthCheck.down("boom")                                       // everything, always
 * ScriptedHealthCheck.up().on("web", GREEN, down("starting"), up())      // all up, green web late
 * time.at(ofMinutes(29), () -> check.on("web", GREEN, down("leak")))     // turns bad
 * }</pre>
 */
public final class ScriptedHealthCheck implements HealthCheck {
  private final Answer answer;
  private final Map<String, List<ScriptedHealthCheck>> scripts = new HashMap<>();
  private final Map<String, Integer> probes = new HashMap<>();

  private ScriptedHealthCheck(Answer answer) {
    this.answer = answer;
  }

  /** Returns a check that finds everything up. */
  public static ScriptedHealthCheck up() {
    return new ScriptedHealthCheck(() -> CompletableFuture.completedFuture(Health.up("scripted")));
  }

  /** Returns a check that finds everything down. */
  public static ScriptedHealthCheck down(String detail) {
    Objects.requireNonNull(detail, "detail");
    return new ScriptedHealthCheck(() -> CompletableFuture.completedFuture(Health.down(detail)));
  }

  /** Returns a check that never answers. */
  public static ScriptedHealthCheck hang() {
    return new ScriptedHealthCheck(CompletableFuture::new);
  }

  /** Returns a check that throws instead of answering. */
  public static ScriptedHealthCheck fail(RuntimeException failure) {
    Objects.requireNonNull(failure, "failure");
    return new ScriptedHealthCheck(
        () -> {
          throw failure;
        });
  }

  /** Returns a check that answers for one slot in this order, and finds all others up. */
  public static ScriptedHealthCheck of(
      String service, Color color, ScriptedHealthCheck... inOrder) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    ArgumentChecks.noNulls("inOrder", inOrder);
    return up().on(service, color, inOrder);
  }

  /**
   * Gives one slot these answers from now on, in this order.
   *
   * @throws IllegalArgumentException if there is no answer
   */
  public synchronized ScriptedHealthCheck on(
      String service, Color color, ScriptedHealthCheck... inOrder) {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(color, "color");
    ArgumentChecks.noNulls("inOrder", inOrder);
    ArgumentChecks.notEmpty("inOrder", List.of(inOrder));
    String slot = service + "/" + color;
    scripts.put(slot, List.of(inOrder));
    probes.keySet().removeIf(instance -> instance.startsWith(slot + "["));
    return this;
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    Objects.requireNonNull(instance, "instance");
    return answerFor(instance).give();
  }

  private synchronized Answer answerFor(Instance instance) {
    String slot = instance.service() + "/" + instance.color();
    List<ScriptedHealthCheck> script = scripts.get(slot);
    if (script == null) {
      return answer;
    }
    int probe = probes.merge(slot + "[" + instance.index() + "]", 1, Integer::sum);
    return script.get(Math.min(probe, script.size()) - 1).answer;
  }

  @FunctionalInterface
  private interface Answer {
    CompletableFuture<Health> give();
  }
}
