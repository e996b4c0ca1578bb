package com.example.deploy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Moves the traffic of everybody who asks a {@link Registry}. */
final class RegistryRouter implements Router {
  private final Registry registry;
  private final Group group;

  RegistryRouter(Registry registry, Group group) {
    this.registry = registry;
    this.group = group;
  }

  @Override
  public RouterReport open(Opening opening) {
    return new RouterReport(
        Set.of(
            RouterGuarantee.LOSSLESS,
            RouterGuarantee.NO_STALE,
            RouterGuarantee.ATOMIC_GROUP,
            RouterGuarantee.RELOAD_SAFE),
        List.of(
            new RouterReport.Warning(
                "a registry does not see requests",
                "let the drain last as long as the longest request",
                Optional.of(RouterGuarantee.DRAIN_KNOWN))));
  }

  @Override
  public RouterTruth current() {
    try {
      TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
      Optional<Registry.Entry> running = registry.running();
      return new RouterTruth.Known(
          running.map(Registry.Entry::split).orElse(blue),
          registry.durable().map(Registry.Entry::split).orElse(blue),
          List.of(),
          running.map(Registry.Entry::generation).orElse(0L),
          running.map(Registry.Entry::fence).orElse(0L),
          running.isPresent() ? Set.of() : blue.services(),
          List.of());
    } catch (RuntimeException e) {
      return new RouterTruth.Unreachable(e.toString());
    }
  }

  @Override
  public void apply(Switch change) {
    if (!(current() instanceof RouterTruth.Known known)) {
      throw new RouterException("the registry can't be asked", Effect.UNKNOWN);
    }
    change.admit(known);
    try {
      registry.replace(new Registry.Entry(change.to(), change.generation(), change.fence()));
    } catch (IOException e) {
      throw new RouterException("the registry could not write its file", Effect.UNKNOWN, e);
    }
  }

  @Override
  public void close() {}
}
