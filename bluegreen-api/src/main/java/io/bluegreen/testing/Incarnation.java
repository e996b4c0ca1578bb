package io.bluegreen.testing;

import io.bluegreen.InFlight;
import io.bluegreen.LaunchFinding;
import io.bluegreen.LaunchState;
import io.bluegreen.Launcher;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Signal;
import io.bluegreen.Slot;
import io.bluegreen.StateStore;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One life of the process that the manager is in. Give the manager the {@link #router}, {@link
 * #launcher} and {@link #store} of an incarnation; it counts their effects from 1, dies before or
 * after the one that it was told, by throwing {@link Crash}, and has no effect any more from then
 * on; its leases end, as a process's do. The next manager gets those of a new incarnation of the
 * same fakes.
 *
 * <pre>{@code
 * Incarnation life = new Incarnation().dieAfter(3);
 * assertThatThrownBy(() -> manager(life).deployNewVersion(v2)).isInstanceOf(Crash.class);
 * manager(new Incarnation()).recover();
 * }</pre>
 */
public final class Incarnation {
  private final List<String> effects = new ArrayList<>();
  private final List<StateStore.Lease> leases = new ArrayList<>();
  private Runnable observer = () -> {};
  private int before;
  private int after;
  private boolean dead;

  /** Creates one that lives for ever. */
  public Incarnation() {}

  /** Dies instead of its n-th effect, from 1. */
  public Incarnation dieBefore(int effect) {
    before = effect;
    return this;
  }

  /** Dies when its n-th effect, from 1, was had and before anybody learns so. */
  public Incarnation dieAfter(int effect) {
    after = effect;
    return this;
  }

  /** Is run after each effect, also after one that failed; what it throws goes to the caller. */
  public Incarnation observe(Runnable afterEachEffect) {
    Objects.requireNonNull(afterEachEffect, "afterEachEffect");
    observer = afterEachEffect;
    return this;
  }

  /** Dies now. */
  public void die() {
    dead = true;
    leases.forEach(StateStore.Lease::close);
  }

  /** Returns whether it has died. */
  public boolean dead() {
    return dead;
  }

  /** Returns what it has done, or begun to do, in order. */
  public List<String> effects() {
    return List.copyOf(effects);
  }

  /** Has one effect of the host's own, such as a hook's. */
  public void effect(String name, Runnable effect) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(effect, "effect");
    effect(
        name,
        () -> {
          effect.run();
          return true;
        });
  }

  /** Returns this router as this process sees it. */
  public Router router(Router router) {
    Objects.requireNonNull(router, "router");
    return new MortalRouter(router);
  }

  /** Returns this launcher as this process sees it. */
  public Launcher launcher(Launcher launcher) {
    Objects.requireNonNull(launcher, "launcher");
    return new MortalLauncher(launcher);
  }

  /** Returns this store as this process sees it. */
  public StateStore store(StateStore store) {
    Objects.requireNonNull(store, "store");
    return new MortalStore(store);
  }

  private <T> T effect(String name, Supplier<T> effect) {
    alive();
    effects.add(name);
    int number = effects.size();
    if (number == before) {
      throw crash("before", name);
    }
    try {
      T value = effect.get();
      if (number == after) {
        throw crash("after", name);
      }
      return value;
    } catch (Crash crash) {
      die();
      throw crash;
    } finally {
      observer.run();
    }
  }

  private <T> T ask(Supplier<T> question) {
    alive();
    return question.get();
  }

  private void alive() {
    if (dead) {
      throw new Crash("this process has died before, and does nothing any more");
    }
  }

  private Crash crash(String when, String name) {
    die();
    return new Crash("died " + when + " effect " + effects.size() + ": " + name);
  }

  private final class MortalRouter implements Router {
    private final Router router;

    MortalRouter(Router router) {
      this.router = router;
    }

    @Override
    public RouterReport open(Opening opening) {
      return ask(() -> router.open(opening));
    }

    @Override
    public void serve(Opening opening) {
      ask(
          () -> {
            router.serve(opening);
            return true;
          });
    }

    @Override
    public RouterTruth current() {
      return ask(router::current);
    }

    @Override
    public void apply(Switch change) {
      effect("apply " + change.to(), () -> router.apply(change));
    }

    @Override
    public List<String> plan(Switch change) {
      return ask(() -> router.plan(change));
    }

    @Override
    public InFlight inFlight(Slot slot) {
      return ask(() -> router.inFlight(slot));
    }

    @Override
    public int cut(Slot slot) {
      return effect("cut " + slot, () -> router.cut(slot));
    }

    @Override
    public Optional<TrafficMeter> meter() {
      return ask(router::meter).map(meter -> () -> ask(meter::read));
    }

    @Override
    public Set<TrafficMeter.Measure> measures() {
      return router.measures();
    }

    @Override
    public void close() {
      router.close();
    }
  }

  private final class MortalLauncher implements Launcher {
    private final Launcher launcher;

    MortalLauncher(Launcher launcher) {
      this.launcher = launcher;
    }

    @Override
    public List<LaunchFinding> check(Slot slot, Release release, Optional<String> occupant) {
      return ask(() -> launcher.check(slot, release, occupant));
    }

    @Override
    public void launch(Slot slot, Release release, String token) {
      effect("launch " + slot + " " + release, () -> launcher.launch(slot, release, token));
    }

    @Override
    public void stop(Slot slot, String token, Duration grace) {
      effect("stop " + slot, () -> launcher.stop(slot, token, grace));
    }

    @Override
    public LaunchState state(Slot slot, String token) {
      return ask(() -> launcher.state(slot, token));
    }

    @Override
    public void close() {
      launcher.close();
    }
  }

  private final class MortalStore implements StateStore {
    private final StateStore store;

    MortalStore(StateStore store) {
      this.store = store;
    }

    @Override
    public Acquired acquire(LeaseOwner owner) {
      return effect(
          "acquire",
          () -> {
            Acquired acquired = store.acquire(owner);
            if (acquired instanceof Lease lease) {
              leases.add(lease);
              return new MortalLease(lease);
            }
            return acquired;
          });
    }

    @Override
    public Optional<LeaseOwner> holder() {
      return ask(store::holder);
    }

    @Override
    public Optional<byte[]> load() {
      return ask(store::load);
    }

    @Override
    public void save(byte[] document, Lease lease) {
      effect(
          "save",
          () -> store.save(document, lease instanceof MortalLease mortal ? mortal.lease : lease));
    }

    @Override
    public void post(Signal signal) {
      effect("post " + signal.kind(), () -> store.post(signal));
    }

    @Override
    public List<Signal> signals(String deploymentId) {
      return ask(() -> store.signals(deploymentId));
    }

    @Override
    public void forget(String deploymentId) {
      effect("forget signals", () -> store.forget(deploymentId));
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private final class MortalLease implements StateStore.Lease {
    private final StateStore.Lease lease;

    MortalLease(StateStore.Lease lease) {
      this.lease = lease;
    }

    @Override
    public boolean held() {
      return ask(lease::held);
    }

    @Override
    public void close() {
      if (!dead) {
        effect("release", lease::close);
      }
    }
  }
}
