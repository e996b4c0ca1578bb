package io.bluegreen.testing;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;

/** Answers for a {@link FakeRouter} a call that is to go wrong. */
final class FaultyAnswer {
  private final TimeSource time;
  private final FakeProxy proxy;
  private final RouterFault fault;

  FaultyAnswer(TimeSource time, FakeProxy proxy, RouterFault fault) {
    this.time = time;
    this.proxy = proxy;
    this.fault = fault;
  }

  RouterTruth current(Group group) {
    return switch (fault) {
      case HANG_ON_CURRENT -> {
        VirtualTime.hang(time);
        yield proxy.current(group);
      }
      case THROW_ON_CURRENT -> throw new IllegalStateException("current() throws, as told");
      case LIE -> lie(group);
      default -> new RouterTruth.Unreachable("unreachable, as told");
    };
  }

  /** Returns the truth with the colours exchanged, as if it were certain. */
  private RouterTruth lie(Group group) {
    synchronized (proxy) {
      TrafficSplit split = proxy.truth(group).running();
      for (String service : split.services()) {
        split = split.with(service, Color.BLUE, split.share(service, Color.GREEN));
      }
      return RouterTruth.Known.settled(split, proxy.generation, proxy.fence);
    }
  }

  /**
   * Makes a switch that goes wrong.
   *
   * @param move makes the switch as it should be
   * @param onlyRunning makes it only in the running proxy; a cold start would serve the former
   *     split
   */
  void apply(Switch change, Runnable move, Runnable onlyRunning) {
    switch (fault) {
      case FAIL_UNCHANGED -> throw new RouterException("refused, as told", Effect.UNCHANGED);
      case FAIL_AFTER_APPLYING -> {
        move.run();
        throw new RouterException("moved, then failed, as told", Effect.CHANGED);
      }
      case FAIL_HALF_WAY -> {
        onlyRunning.run();
        throw new RouterException("failed half-way, as told", Effect.UNKNOWN);
      }
      case HANG -> VirtualTime.hang(time);
      case HANG_AFTER_APPLYING -> {
        move.run();
        VirtualTime.hang(time);
      }
      case APPLY_LATE -> {
        later(change, move);
        VirtualTime.hang(time);
      }
      case CRASH_HALF_WAY -> {
        onlyRunning.run();
        throw new Crash("died half-way in apply, as told");
      }
      default -> {} // PRETEND
    }
  }

  private void later(Switch change, Runnable move) {
    if (!(time instanceof VirtualTime virtual)) {
      throw new IllegalStateException("APPLY_LATE needs a VirtualTime");
    }
    virtual.after(change.within().plusSeconds(1), move);
  }
}
