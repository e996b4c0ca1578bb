package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.Hook;
import io.bluegreen.HookRefusedException;
import io.bluegreen.Instance;
import io.bluegreen.ProgressEvent;
import io.bluegreen.Slot;
import io.bluegreen.Verdict;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The checks, gates, hooks and the listener that one host process gives to its manager. */
final class WorldHost {
  private final HostLife life;
  private final World world;
  private int flaps;
  private String deafTo = "";

  WorldHost(HostLife life) {
    this.life = life;
    this.world = life.world;
  }

  CompletableFuture<Health> probe(Instance instance) {
    HostLife.Probe[] probe = {
      new HostLife.Probe(world.time.elapsed().minus(life.stalled), life.stalled, "")
    };
    try {
      return life.call(
          SeamCall.PROBE,
          instance.toString(),
          fault -> {
            if (flaps > 0) {
              flaps--;
            }
            switch (fault) {
              case PROBE_DOWN -> {
                return CompletableFuture.completedFuture(Health.down("as told"));
              }
              case PROBE_FLAPS -> flaps = 6;
              case PROBE_HANGS -> {
                return new CompletableFuture<>();
              }
              case PROBE_THROWS -> throw new IllegalStateException("as told");
              case PROBE_NULL -> {
                return CompletableFuture.completedFuture(null);
              }
              default -> {}
            }
            String by = flaps % 2 == 1 ? "" : answers(instance);
            probe[0] = new HostLife.Probe(probe[0].began(), life.stalled, by);
            return CompletableFuture.completedFuture(
                by.isEmpty() ? Health.down("refused") : Health.up(by));
          });
    } finally {
      if (!instance.atFrontDoor()) {
        if (probe[0].by().isEmpty()) {
          world
              .processes
              .unrecorded(world.script.shape().slot(instance.service(), instance.color()))
              .ifPresent(started -> started.denied = true);
        }
        life.answered.put(instance.toString(), !probe[0].by().isEmpty());
        life.probes.computeIfAbsent(instance.toString(), key -> new ArrayList<>()).add(probe[0]);
      }
    }
  }

  /** Returns the name of the process that answers a probe; empty if none does. */
  private String answers(Instance instance) {
    if (!instance.atFrontDoor()) {
      return world
          .processes
          .listening(
              world.script.shape().slot(instance.service(), instance.color()), world.time.elapsed())
          .orElse("");
    }
    if (world.proxy.down) {
      return "";
    }
    for (Color color : Color.values()) {
      Slot slot = world.script.shape().slot(instance.service(), color);
      if (world.proxy.running.share(instance.service(), color) > 0) {
        Optional<String> by = world.processes.listening(slot, world.time.elapsed());
        if (by.isEmpty()) {
          return "";
        }
      }
    }
    return "front door";
  }

  @Nullable Verdict judge(Gate.Context context) {
    world.oracle.deeds.judged(context.deploymentId(), "nothing");
    Verdict verdict = life.call(SeamCall.GATE, "metrics", fault -> judge(lasting(fault)));
    world.oracle.deeds.judged(
        context.deploymentId(), verdict == null ? "nothing" : verdict.kind().name());
    return verdict;
  }

  /** Returns the fault, or the one that a gate has for good. */
  private Fault lasting(Fault fault) {
    if (fault == Fault.GATE_FAILS_FOR_GOOD || fault == Fault.GATE_NEVER_CONCLUSIVE) {
      life.gate = fault;
    }
    return fault == Fault.NONE ? life.gate : fault;
  }

  private @Nullable Verdict judge(Fault fault) {
    return switch (fault) {
      case GATE_FAILS, GATE_FAILS_FOR_GOOD -> Verdict.failed("as told");
      case GATE_NULL -> null;
      case GATE_INCONCLUSIVE, GATE_NEVER_CONCLUSIVE -> Verdict.inconclusive("as told");
      case GATE_THROWS -> throw new IllegalStateException("as told");
      case GATE_HANGS -> {
        life.hang("gate");
        yield Verdict.passed("late");
      }
      default -> Verdict.passed("all is well");
    };
  }

  Hook hook(String name) {
    return new Hook() {
      @Override
      public boolean isPointOfNoReturn() {
        return name.equals("announce") && world.script.seed() % 2 == 0;
      }

      @Override
      public void run(Context context) {
        life.call(
            SeamCall.HOOK,
            name,
            fault -> {
              if (fault == Fault.HOOK_REFUSES) {
                world.oracle.refused(life, context.deploymentId() + "/" + name);
                throw new HookRefusedException("as told");
              }
              world.oracle.beforeHook(life, context.deploymentId(), name, isPointOfNoReturn());
              world.hooked.add(context.deploymentId() + "/" + name);
              if (fault == Fault.HOOK_FAILS) {
                throw new IllegalStateException("as told");
              }
              if (fault == Fault.HOOK_HANGS) {
                life.hang("hook");
              }
              return "ran";
            });
      }

      @Override
      public void undo(Context context) {
        life.call(
            SeamCall.UNDO_HOOK,
            name,
            fault -> {
              world.oracle.beforeUndoHook(life, context.deploymentId(), name);
              world.hooked.remove(context.deploymentId() + "/" + name);
              if (fault == Fault.UNDO_HOOK_FAILS) {
                throw new IllegalStateException("as told");
              }
              return "undone";
            });
      }
    };
  }

  /**
   * Hears an event. A listener that hangs is told nothing more of that deployment, and nobody waits
   * for it.
   */
  void onEvent(DeploymentEvent event) {
    if (event.deploymentId().equals(deafTo)) {
      return;
    }
    if (event instanceof ProgressEvent.UndoStarted) {
      life.goesBack();
    }
    life.cell.ifPresent(cell -> cell.told(event));
    life.call(
        SeamCall.EVENT,
        event.describe(),
        fault -> {
          if (event instanceof ProgressEvent.Started) {
            life.probes.clear(); // Proofs from before count for nothing from now on.
            world.oracle.started(life, event.deploymentId());
          }
          if (fault == Fault.LISTENER_THROWS) {
            throw new IllegalStateException("as told");
          }
          if (fault == Fault.LISTENER_HANGS) {
            life.goesBack(); // It may go back from now on: this listener will not be told of that.
            deafTo = event.deploymentId();
          }
          return "told";
        });
  }
}
