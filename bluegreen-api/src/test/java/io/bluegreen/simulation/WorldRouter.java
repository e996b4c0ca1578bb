package io.bluegreen.simulation;

import io.bluegreen.InFlight;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Optional;

/**
 * The router of one process in front of the world's proxy; it is as honest as its faults let it be.
 */
final class WorldRouter implements Router {
  private final HostLife life;
  private final World world;
  private final WorldProxy proxy;

  WorldRouter(HostLife life) {
    this.life = life;
    this.world = life.world;
    this.proxy = life.world.proxy;
  }

  @Override
  public RouterReport open(Opening opening) {
    return life.call(SeamCall.OPEN, "open", fault -> RouterReport.all());
  }

  @Override
  public RouterTruth current() {
    return life.call(
        SeamCall.CURRENT,
        "current",
        fault ->
            switch (fault) {
              case UNREACHABLE -> new RouterTruth.Unreachable("as told");
              case CURRENT_THROWS -> throw new IllegalStateException("as told");
              case CURRENT_HANGS -> {
                life.hang("current");
                yield proxy.truth();
              }
              case CURRENT_LIES -> lie();
              default -> {
                life.looked(true);
                yield proxy.truth();
              }
            });
  }

  /** Returns a lie that looks like any other answer: the colours are exchanged. */
  private RouterTruth lie() {
    life.looked(false);
    TrafficSplit split = proxy.running;
    for (String service : split.services()) {
      split =
          split.with(
              service,
              io.bluegreen.Color.BLUE,
              100 - proxy.running.share(service, io.bluegreen.Color.BLUE));
    }
    return RouterTruth.Known.settled(split, proxy.generation, proxy.fence);
  }

  @Override
  public void apply(Switch change) {
    life.call(
        SeamCall.APPLY,
        change.from() + " -> " + change.to() + " #" + change.generation(),
        fault -> {
          world.oracle.beforeApply(life, change);
          life.asked = Optional.of(change);
          life.askedAt = world.foreignChanges;
          check(change);
          if (fault != Fault.APPLY_REFUSED
              && fault != Fault.APPLY_HANGS
              && fault != Fault.APPLY_PRETENDED) {
            world.changedBy(life);
          }
          TrafficSplit before = proxy.running;
          try {
            act(change, fault);
          } finally {
            world.oracle.deeds.moves(change, before);
          }
          return "made: " + proxy;
        });
  }

  private void check(Switch change) {
    if (proxy.down) {
      throw new RouterException("the proxy is down", Effect.UNKNOWN);
    }
    if (change.fence() < proxy.fence) {
      throw new RouterException("fence " + change.fence() + " is over", Effect.UNCHANGED);
    }
    proxy.fence = change.fence();
    if (!proxy.running.equals(change.from()) && !proxy.running.equals(change.to())) {
      throw new RouterException("the proxy serves " + proxy.running, Effect.UNKNOWN);
    }
    if (change.generation() < proxy.generation) {
      throw new RouterException("generation " + change.generation() + " is over", Effect.UNCHANGED);
    }
  }

  private void act(Switch change, Fault fault) {
    switch (fault) {
      case APPLY_REFUSED -> throw new RouterException("refused, as told", Effect.UNCHANGED);
      case APPLY_HANGS -> life.hang("apply");
      case APPLY_PRETENDED -> {}
      case APPLIED_THEN_THROWN -> {
        proxy.make(change);
        throw new RouterException("made, then failed, as told", Effect.CHANGED);
      }
      case APPLIED_THEN_HUNG -> {
        proxy.make(change);
        life.hang("apply");
      }
      case APPLIED_HALF -> {
        proxy.makeRunning(change);
        throw new RouterException("not made durable, as told", Effect.UNKNOWN);
      }
      case APPLIED_HALF_PRETENDED -> proxy.makeRunning(change);
      case APPLIED_LATE -> {
        world.late(change, change.within().plusSeconds(1 + change.generation() % 4 * 10));
        life.hang("apply");
      }
      case CRASH_IN_APPLY -> {
        proxy.makeRunning(change);
        throw life.die("in apply");
      }
      case CRASH_AND_APPLIED_LATE -> {
        world.late(change, Duration.ofSeconds(change.generation() % 30));
        throw life.die("in apply, which is made later");
      }
      default -> proxy.make(change);
    }
  }

  @Override
  public Listening listens(Instance instance, Duration within) {
    boolean listens = world.processes.listens(instance);
    life.listened.put(instance.toString(), listens);
    return listens ? Listening.YES : Listening.NO;
  }

  @Override
  public InFlight inFlight(Slot slot) {
    return life.call(
        SeamCall.IN_FLIGHT,
        slot.toString(),
        fault ->
            switch (fault) {
              case IN_FLIGHT_UNKNOWN -> InFlight.UNKNOWN;
              case IN_FLIGHT_BUSY -> InFlight.some(3);
              case IN_FLIGHT_THROWS -> throw new RouterException("as told", Effect.UNCHANGED);
              default -> {
                int busy = proxy.inFlight(slot, world.time.elapsed());
                yield busy > 0 ? InFlight.some(busy) : InFlight.NONE;
              }
            });
  }

  @Override
  public int cut(Slot slot) {
    return life.call(
        SeamCall.CUT,
        slot.toString(),
        fault -> {
          world.oracle.beforeCut(life, slot);
          int ended = proxy.inFlight(slot, world.time.elapsed());
          proxy.ended(slot.toString());
          return ended;
        });
  }

  @Override
  public void close() {}
}
