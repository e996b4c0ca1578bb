package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Drift.Kind;
import io.bluegreen.Group;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what lies in the state directory with what nginx answers.
 *
 * @param group of the router
 * @param home the state directory
 * @param digest of what nginx must have been configured with
 * @param last generation that was proven
 */
record LiveTruth(Group group, Path home, String digest, LastGeneration last) {
  RouterTruth.Known of(DiskTruth durable, StatusAnswer answer) {
    List<Drift> drift = new ArrayList<>(durable.drift());
    Optional<GenerationStatus> told = answer.ok() ? told(answer, drift) : Optional.empty();
    boolean blind = !answer.ok() && durable.status().isPresent();
    if (blind) {
      drift.add(
          new Drift(
              Kind.STATE_LOST, "nginx does not see " + home + " (status " + answer.status() + ")"));
    }
    if (!answer.header(LiveConfig.DIGEST).equals(digest)) {
      drift.add(
          new Drift(
              Kind.UNKNOWN_TARGET,
              "nginx was told other services or addresses than group " + group.name() + " names"));
    }
    TrafficSplit byLinks = durable.splitOf(group);
    TrafficSplit running =
        blind
            ? DiskTruth.NONE.splitOf(group)
            : told.filter(status -> status.generation() != durable.generation())
                .map(status -> status.splitOf(group))
                .orElse(byLinks);
    long generation =
        blind ? 0 : told.map(GenerationStatus::generation).orElseGet(durable::generation);
    durable
        .status()
        .map(GenerationStatus::group)
        .filter(name -> !name.equals(group.name()))
        .ifPresent(
            name -> drift.add(new Drift(Kind.FOREIGN_MARK, "the state is of group " + name)));
    if (!running.equals(byLinks)) {
      drift.add(new Drift(Kind.DURABLE_DIFFERS, "runs " + running + ", on the disk " + byLinks));
    }
    last.compare(generation).ifPresent(drift::add);
    return new RouterTruth.Known(
        running,
        byLinks,
        List.of(),
        generation,
        durable.fence(),
        durable.status().orElseGet(() -> GenerationStatus.first(group, "live")).unassigned(group),
        drift);
  }

  private static Optional<GenerationStatus> told(StatusAnswer answer, List<Drift> drift) {
    try {
      return Optional.of(GenerationStatus.read(answer.body()));
    } catch (IllegalArgumentException e) {
      drift.add(new Drift(Kind.FILE_TORN, "nginx answers: " + e.getMessage()));
      return Optional.empty();
    }
  }
}
