package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Drift.Kind;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches by renaming a link in a directory that nginx asks for each request: no reload, no nginx
 * -t, no rights beyond the directory.
 */
final class LiveMode implements Mode {
  private static final Logger LOG = LoggerFactory.getLogger(LiveMode.class);
  private static final int MOST_TRIES = 5;
  private static final Duration POLL = Duration.ofMillis(5);

  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final StatusPage page;
  private final LiveConfig config;
  private final StateDirectory state;
  private final LastGeneration last;

  LiveMode(NginxSettings settings, Router.Opening opening, TimeSource time) {
    this.settings = settings;
    this.group = opening.group();
    this.time = time;
    this.page = new StatusPage(settings.door, time);
    this.config = new LiveConfig(group, settings);
    this.state = new StateDirectory(settings.home, settings.checkpoint);
    this.last = new LastGeneration(settings.home.resolve(".last"));
  }

  @Override
  public RouterReport open(Router.Opening opening) {
    return new LiveCheck(settings, group, config, time).report();
  }

  @Override
  public RouterTruth current() {
    try {
      Durable durable = StateReader.read(settings.home);
      for (int tries = 0; ; tries++) {
        RouterTruth truth = truth(durable);
        Durable now = StateReader.read(settings.home);
        if (now.equals(durable) || tries == MOST_TRIES) {
          return truth;
        }
        durable = now; // Somebody switched between the look at the disk and nginx's answer.
      }
    } catch (IOException | IllegalArgumentException e) {
      return new RouterTruth.Unreachable(
          "nginx at " + settings.door + ": " + Text.clean(String.valueOf(e.getMessage()), 300));
    }
  }

  @Override
  public void apply(Switch change) {
    try (ResourceLock lock = ResourceLock.take(settings.home.resolve(".lock"))) {
      LOG.debug("{} holds the lock", lock);
      Durable durable = admitted(change);
      Optional<Path> before = install(durable, change);
      tidy(change, before);
    }
  }

  @Override
  public List<String> plan(Switch change) {
    try {
      List<String> plan =
          new ArrayList<>(state.plan(next(StateReader.read(settings.home), change)));
      plan.add("write " + last.file() + " " + change.generation());
      return List.copyOf(plan);
    } catch (IOException e) {
      throw new RouterException("can't read " + settings.home + ": " + e, Effect.UNCHANGED, e);
    }
  }

  /** nginx can't tell: its workers serve both colours at once, and its counters are global. */
  @Override
  public InFlight inFlight(Slot slot) {
    return settings.counter.map(count -> count.apply(slot)).orElse(InFlight.UNKNOWN);
  }

  private Durable admitted(Switch change) {
    try {
      Durable durable = StateReader.read(settings.home);
      new Admission(group, change).check(truth(durable), durable);
      return durable;
    } catch (IOException e) {
      throw new RouterException(
          "nothing was changed, because nginx at " + settings.door + " could not be asked: " + e,
          Effect.UNKNOWN,
          e);
    }
  }

  private Optional<Path> install(Durable durable, Switch change) {
    Optional<Path> before = Optional.empty();
    try {
      before = state.current();
      state.install(next(durable, change));
      settings.checkpoint.at("installed");
      prove(change);
      settings.checkpoint.at("proven");
      return before;
    } catch (IOException e) {
      throw failed(change, before, e);
    }
  }

  private Status next(Durable durable, Switch change) {
    return durable.status().orElseGet(() -> Status.first(group, "live")).after(change);
  }

  /** All workers see a rename at once, so that one answer is proof. */
  private void prove(Switch change) throws IOException {
    Duration end = time.elapsed().plus(change.within());
    while (true) {
      RouterTruth now = current();
      if (now instanceof RouterTruth.Known known
          && known.generation() == change.generation()
          && known.wholly(change.to())) {
        return;
      }
      if (time.elapsed().compareTo(end) >= 0) {
        throw new IOException("nginx does not answer generation " + change.generation());
      }
      pause();
    }
  }

  private RouterTruth.Known truth(Durable durable) throws IOException {
    DoorAnswer answer = page.get(LiveConfig.STATUS);
    List<Drift> drift = new ArrayList<>(durable.drift());
    Optional<Status> told = answer.ok() ? told(answer, drift) : Optional.empty();
    boolean blind = !answer.ok() && durable.status().isPresent();
    if (blind) {
      drift.add(
          new Drift(
              Kind.STATE_LOST,
              "nginx does not see " + settings.home + " (status " + answer.status() + ")"));
    }
    targets(drift);
    TrafficSplit byLinks = durable.splitOf(group);
    TrafficSplit running =
        blind
            ? Durable.NONE.splitOf(group)
            : told.filter(status -> status.generation() != durable.generation())
                .map(status -> status.splitOf(group))
                .orElse(byLinks);
    long generation = blind ? 0 : told.map(Status::generation).orElseGet(durable::generation);
    durable
        .status()
        .map(Status::group)
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
        durable.status().orElseGet(() -> Status.first(group, "live")).unassigned(group),
        drift);
  }

  private static Optional<Status> told(DoorAnswer answer, List<Drift> drift) {
    try {
      return Optional.of(Status.read(answer.body()));
    } catch (IllegalArgumentException e) {
      drift.add(new Drift(Kind.FILE_TORN, "nginx answers: " + e.getMessage()));
      return Optional.empty();
    }
  }

  private void targets(List<Drift> drift) throws IOException {
    if (!page.get(LiveConfig.CONFIG).body().contains("\"" + config.digest() + "\"")) {
      drift.add(
          new Drift(
              Kind.UNKNOWN_TARGET,
              "nginx was told other services or addresses than group " + group.name() + " names"));
    }
  }

  /** Puts back what was before, if nginx answers something else; then says what is so. */
  private RouterException failed(Switch change, Optional<Path> before, IOException cause) {
    boolean interrupted = Thread.interrupted();
    try {
      RouterTruth now = current();
      if (now instanceof RouterTruth.Known known && !known.wholly(change.to())) {
        putBack(before, cause);
        now = current();
      }
      return new RouterException(
          "the switch to "
              + change.to()
              + " was not proven: "
              + cause.getMessage()
              + "; "
              + (now instanceof RouterTruth.Known known
                  ? "nginx serves " + known.running()
                  : "nginx does not answer now, start it; on the disk is what it will serve"),
          Admission.effect(now, change),
          cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void putBack(Optional<Path> before, IOException cause) {
    try {
      if (before.equals(state.current())) {
        return;
      }
      if (before.isPresent()) {
        state.point(before.get());
      } else {
        state.unpoint();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void tidy(Switch change, Optional<Path> before) {
    try {
      last.note(change.generation());
      state.prune(before, time.now());
    } catch (IOException e) {
      LOG.warn("{} was not tidied up after the switch, which is done", settings.home, e);
    }
  }

  private void pause() throws IOException {
    try {
      time.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
