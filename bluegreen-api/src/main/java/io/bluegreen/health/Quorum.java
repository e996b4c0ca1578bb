package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.CloseAll;
import io.bluegreen.support.Reopenable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A check that is UP if at least so many of several checks are. */
final class Quorum implements HealthCheck {
  private final String name;
  private final int needed;
  private final List<HealthCheck> checks;
  private final Reopenable<TimeSource> threads =
      new Reopenable<>(TimeSource::system, TimeSource::close);

  Quorum(String name, int needed, List<HealthCheck> checks) {
    ArgumentChecks.notEmpty("checks", checks);
    if (needed < 1 || needed > checks.size()) {
      throw new IllegalArgumentException(
          "needed: expected 1 to " + checks.size() + " of these checks, but was " + needed);
    }
    this.name = name;
    this.needed = needed;
    this.checks = checks;
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    CompletableFuture<Health> health = new CompletableFuture<>();
    Ballot ballot = new Ballot(needed, checks.size(), health);
    for (int place = 0; place < checks.size(); place++) {
      int at = place;
      ask(checks.get(place), instance, health, answer -> ballot.cast(at, answer));
    }
    return health;
  }

  @Override
  public void close() {
    List<AutoCloseable> parts = new ArrayList<>(List.of(threads));
    parts.addAll(checks);
    CloseAll.of(parts);
  }

  /** Returns how many of which checks. */
  @Override
  public String toString() {
    return name + " of " + checks;
  }

  /** Asks on a thread of its own: a check may block, and must not hold up the others. */
  private void ask(
      HealthCheck check,
      Instance instance,
      CompletableFuture<Health> whole,
      Consumer<Health> vote) {
    BlockingProbe<CompletableFuture<Health>> asking =
        new BlockingProbe<>(
            () -> begin(check, instance, whole),
            (part, failure) -> {
              if (part == null) {
                vote.accept(Health.down(named(check) + Reason.of(failure)));
              } else {
                follow(part, vote);
              }
            });
    CompletableFuture<?> unused = whole.whenComplete((done, failure) -> asking.cancel(true));
    try {
      threads.get().executor().execute(asking);
    } catch (RejectedExecutionException e) {
      asking.cancel(false); // The check was closed just now.
    }
  }

  /** The text of a lambda is the generated name of its class, which helps no reader. */
  private static String named(HealthCheck check) {
    String name = check.toString();
    return name.contains("$$Lambda") ? "" : name + ": ";
  }

  private static CompletableFuture<Health> begin(
      HealthCheck check, Instance instance, CompletableFuture<Health> whole) {
    CompletableFuture<Health> part = check.probe(instance);
    if (part == null) {
      throw new IllegalStateException("it answered nothing");
    }
    CompletableFuture<?> unused = whole.whenComplete((done, failure) -> part.cancel(true));
    return part;
  }

  private static void follow(CompletableFuture<Health> part, Consumer<Health> vote) {
    CompletableFuture<?> unused =
        part.whenComplete(
            (health, failure) -> {
              if (failure != null) {
                vote.accept(Health.down(Reason.of(failure)));
              } else {
                vote.accept(health == null ? Health.down("it answered nothing") : health);
              }
            });
  }
}
