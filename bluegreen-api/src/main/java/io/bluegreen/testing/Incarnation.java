package io.bluegreen.testing;

import io.bluegreen.Launcher;
import io.bluegreen.Router;
import io.bluegreen.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One life of the process that the manager is in. Give the manager the {@link #router}, {@link
 * #launcher} and {@link #store} of an incarnation; it counts their effects from 1 and dies before
 * or after the chosen one, by throwing {@link Crash}. From then on it has no effect any more, and
 * its leases end, as those of a process do. Give the next manager a new incarnation over the same
 * fakes.
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

  /** Creates a process that lives for ever. */
  public Incarnation() {}

  /** Lets it die before its n-th effect, counted from 1, which does not happen. */
  public Incarnation dieBefore(int effect) {
    before = effect;
    return this;
  }

  /** Lets it die after its n-th effect, counted from 1, before anybody learns of it. */
  public Incarnation dieAfter(int effect) {
    after = effect;
    return this;
  }

  /**
   * Runs something after each effect, also after one that failed. Its exceptions go to the caller.
   */
  public Incarnation observe(Runnable afterEachEffect) {
    Objects.requireNonNull(afterEachEffect, "afterEachEffect");
    observer = afterEachEffect;
    return this;
  }

  /** Lets it die now. */
  public void die() {
    dead = true;
    leases.forEach(StateStore.Lease::close);
  }

  /** Returns whether it has died. */
  public boolean dead() {
    return dead;
  }

  /** Returns the effects that it has had, or has started to have, in order. */
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
    return new MortalRouter(this, router);
  }

  /** Returns this launcher as this process sees it. */
  public Launcher launcher(Launcher launcher) {
    Objects.requireNonNull(launcher, "launcher");
    return new MortalLauncher(this, launcher);
  }

  /** Returns this store as this process sees it. */
  public StateStore store(StateStore store) {
    Objects.requireNonNull(store, "store");
    return new MortalStore(this, store);
  }

  <T> T effect(String name, Supplier<T> effect) {
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

  <T> T ask(Supplier<T> question) {
    alive();
    return question.get();
  }

  /** Returns a lease that ends with this process, as this process sees it. */
  MortalLease leased(StateStore.Lease lease) {
    leases.add(lease);
    return new MortalLease(this, lease);
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
}
