package io.bluegreen.nginx;

import io.bluegreen.Deadline;
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
import io.bluegreen.support.Failures;
import io.bluegreen.support.ResourceLock;
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
  private static final int MOST_TRIES = 20;
  private static final Duration POLL = Duration.ofMillis(5);

  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final LiveDirectory state;
  private final LastGeneration last;
  private final LiveTruth truth;
  private final LiveCheck check;

  LiveMode(NginxSettings settings, Router.Opening opening, TimeSource time) {
    LiveConfig config = new LiveConfig(opening.group(), settings);
    this.settings = settings;
    this.group = opening.group();
    this.time = time;
    this.state = new LiveDirectory(settings.home, settings.checkpoint);
    this.last = new LastGeneration(settings.home.resolve(".last"));
    this.truth = new LiveTruth(group, settings.home, config.digest(), last);
    this.check = new LiveCheck(settings, group, config, time);
  }

  @Override
  public RouterReport open(Router.Opening opening) {
    try (StatusSession talk = talk()) {
      return check.report(talk);
    }
  }

  @Override
  public RouterTruth current() {
    try (StatusSession talk = talk()) {
      return known(talk);
    } catch (IOException e) {
      return new RouterTruth.Unreachable(
          "nginx at " + settings.door() + ": " + Text.clean(String.valueOf(e.getMessage()), 300));
    }
  }

  @Override
  public void apply(Switch change) {
    Duration began = time.elapsed();
    try (ResourceLock lock = SwitchAdmission.alone(settings.lock(), change, time);
        StatusSession talk = talk()) {
      LOG.debug("{} holds the lock", lock);
      Switch rest = SwitchAdmission.rest(change, time.elapsed().minus(began));
      DiskTruth durable = admitted(rest, talk);
      Optional<Path> before = install(durable, rest, talk);
      tidy(rest, before);
    }
  }

  @Override
  public List<String> plan(Switch change) {
    try {
      List<String> plan =
          new ArrayList<>(state.plan(next(LiveDirectoryReader.read(settings.home), change)));
      plan.add("symlink " + last.link() + " -> " + change.generation());
      return List.copyOf(plan);
    } catch (IOException e) {
      throw new RouterException(
          "can't read " + settings.home + ": " + Failures.reason(e), Effect.UNCHANGED, e);
    }
  }

  /** nginx can't tell: its workers serve both colours at once, and its counters are global. */
  @Override
  public InFlight inFlight(Slot slot) {
    return settings.counter.map(count -> count.apply(slot)).orElse(InFlight.UNKNOWN);
  }

  private StatusSession talk() {
    return new StatusSession(settings.door(), time);
  }

  private RouterTruth.Known known(StatusSession talk) throws IOException {
    DiskTruth durable = LiveDirectoryReader.read(settings.home);
    for (int tries = 0; ; tries++) {
      RouterTruth.Known known = truth.of(durable, talk.status());
      DiskTruth now = LiveDirectoryReader.read(settings.home);
      if (now.equals(durable) || tries == MOST_TRIES) {
        return known;
      }
      durable = now; // Somebody switched between the look at the disk and nginx's answer.
    }
  }

  private DiskTruth admitted(Switch change, StatusSession talk) {
    try {
      DiskTruth durable = LiveDirectoryReader.read(settings.home);
      StatusAnswer answer = talk.status();
      new SwitchAdmission(group, change).check(truth.of(durable, answer), durable);
      check.vet(talk, answer, durable);
      return durable;
    } catch (IOException e) {
      throw new RouterException(
          "the switch to "
              + change.to()
              + " was refused: it can't be told what nginx at "
              + settings.door()
              + " serves ("
              + Text.clean(String.valueOf(e.getMessage()), 300)
              + "); nothing was changed",
          Effect.UNKNOWN,
          e);
    }
  }

  private Optional<Path> install(DiskTruth durable, Switch change, StatusSession talk) {
    Optional<Path> before = Optional.empty();
    try {
      before = state.current();
      state.install(next(durable, change));
      settings.checkpoint.at("installed");
      prove(change, talk);
      settings.checkpoint.at("proven");
      return before;
    } catch (IOException e) {
      throw failed(change, before, e);
    }
  }

  private GenerationStatus next(DiskTruth durable, Switch change) {
    return durable
        .status()
        .orElseGet(() -> GenerationStatus.first(group, "live"))
        .fence(durable.fence())
        .after(change);
  }

  /** All workers see a rename at once, so that what one answers is proof. */
  private void prove(Switch change, StatusSession talk) throws IOException {
    Deadline end = time.deadline(SwitchAdmission.within(change));
    while (true) {
      Optional<String> missing = missing(change, talk);
      if (missing.isEmpty()) {
        return;
      }
      if (end.over()) {
        throw new IOException(missing.get());
      }
      pause();
    }
  }

  /** Returns what is not as it should be. */
  private Optional<String> missing(Switch change, StatusSession talk) {
    try {
      DiskTruth durable = LiveDirectoryReader.read(settings.home);
      List<StatusRequest> questions = new ArrayList<>(List.of(StatusRequest.STATUS));
      questions.addAll(check.questions(change.to()));
      List<StatusAnswer> answers = talk.ask(questions);
      RouterTruth.Known known = truth.of(durable, answers.get(0));
      if (known.generation() != change.generation() || !known.wholly(change.to())) {
        return Optional.of("nginx does not answer generation " + change.generation());
      }
      return check.undecided(change.to(), answers.subList(1, answers.size()));
    } catch (IOException e) {
      return Optional.of(
          "nginx does not answer (" + Text.clean(String.valueOf(e.getMessage()), 300) + ")");
    }
  }

  /** Puts back what was before, if nginx answers something else; then says what is so. */
  private RouterException failed(Switch change, Optional<Path> before, IOException cause) {
    boolean interrupted = Thread.interrupted();
    try {
      RouterTruth now = current();
      if (now instanceof RouterTruth.Known) {
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
          SwitchAdmission.effect(now, change),
          cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void putBack(Optional<Path> before, IOException cause) {
    try {
      if (!before.equals(state.current())) {
        if (before.isPresent()) {
          state.point(before.get());
        } else {
          state.unpoint();
        }
      }
      state.prune(before, time.now());
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
