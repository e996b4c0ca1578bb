package io.bluegreen.health;

import io.bluegreen.Health;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The votes of one probe of a {@link Quorum}; it is decided as soon as no vote can change it. */
final class Ballot {
  private final int needed;
  private final @Nullable Health[] votes;
  private final CompletableFuture<Health> decision;
  private int up;
  private int down;

  Ballot(int needed, int voters, CompletableFuture<Health> decision) {
    this.needed = needed;
    this.votes = new Health[voters];
    this.decision = decision;
  }

  void cast(int voter, Health vote) {
    Health decided;
    synchronized (this) {
      if (votes[voter] != null) {
        return;
      }
      votes[voter] = vote;
      up += vote.up() ? 1 : 0;
      down += vote.up() ? 0 : 1;
      if (up < needed && down <= votes.length - needed) {
        return;
      }
      decided = new Health(up >= needed, summary());
    }
    decision.complete(decided);
  }

  private String summary() {
    return up
        + " up of "
        + votes.length
        + ", needed "
        + needed
        + ": "
        + Stream.of(votes)
            .filter(Objects::nonNull)
            .map(Objects::toString)
            .collect(Collectors.joining("; "));
  }
}
