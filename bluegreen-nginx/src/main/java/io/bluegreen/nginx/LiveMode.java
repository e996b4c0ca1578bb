package io.bluegreen.nginx;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches by renaming a link in a directory that nginx asks for each request. It needs no reload,
 * no {@code nginx -t}, and no rights beyond the directory.
 */
final class LiveMode implements Mode {
  private static final Logger LOG = LoggerFactory.getLogger(LiveMode.class);
  private static final int MOST_TRIES = 20;

  private final NginxSettings settings;
  private final Group group;
  private final TimeSource time;
  private final LiveDirectory state;
  private final LastGeneration last;
  private final LiveTruth truth;
  private final LiveProof proof;
  private final LiveCheck check;
  private final FlightCounter flight;

  LiveMode(NginxSettings settings, Router.Opening opening, TimeSource time) {
    LiveConfig config = new LiveConfig(opening.group(), settings, true);
    this.settings = settings;
    this.group = opening.group();
    this.time = time;
    this.state = new LiveDirectory(settings.home, settings.checkpoint);
    this.last = new LastGeneration(settings.home.resolve(".last"));
    this.truth = new LiveTruth(group, settings.home, config.digest(), last);
    this.proof = new LiveProof(settings.home, truth, new ServerDecisions(group, config), time);
    this.flight = new FlightCounter(settings, group, time);
    this.check = new LiveCheck(settings, group, config, flight, time);
  }

  @Override
  public RouterReport open(Router.Opening opening) {
    try (StatusSession session = session()) {
      return check.report(session);
    }
  }

  @Override
  public RouterTruth current() {
    try (StatusSession session = session()) {
      return known(session);
    } catch (IOException e) {
      return new RouterTruth.Unreachable(
          "nginx at " + settings.door() + ": " + Text.clean(String.valueOf(e.getMessage()), 300));
    }
  }

  @Override
  public void apply(Switch change) {
    Duration began = time.elapsed();
    try (ResourceLock lock = SwitchAdmission.alone(settings.lock(), change, time);
        StatusSession session = session()) {
      LOG.debug("{} holds the lock", lock);
      Switch rest = SwitchAdmission.rest(change, time.elapsed().minus(began));
      DiskTruth durable = admitted(rest, session);
      new LiveSwitch(this, settings, state, last, proof, time).make(rest, durable, session);
    }
  }

  @Override
  public List<String> plan(Switch change) {
    try {
      List<String> plan =
          new ArrayList<>(state.plan(LiveDirectoryReader.read(settings.home).next(group, change)));
      plan.add("symlink " + last.link() + " -> " + change.generation());
      return List.copyOf(plan);
    } catch (IOException e) {
      throw new RouterException(
          "can't read " + settings.home + ": " + Failures.reason(e), Effect.UNCHANGED, e);
    }
  }

  /** A former worker that a reload by hand left behind may serve any slot. */
  @Override
  public InFlight inFlight(Slot slot) {
    return settings.counter.isPresent()
        ? settings.counter.get().apply(slot)
        : flight.of(slot, NginxWorkers.Worker::quitting);
  }

  Group group() {
    return group;
  }

  private StatusSession session() {
    return new StatusSession(settings.door(), time);
  }

  private RouterTruth.Known known(StatusSession session) throws IOException {
    DiskTruth durable = LiveDirectoryReader.read(settings.home);
    for (int tries = 0; ; tries++) {
      RouterTruth.Known known = truth.of(durable, session.status());
      DiskTruth now = LiveDirectoryReader.read(settings.home);
      if (now.equals(durable) || tries == MOST_TRIES) {
        return known;
      }
      durable = now; // Somebody switched between the look at the disk and nginx's answer.
    }
  }

  private DiskTruth admitted(Switch change, StatusSession session) {
    try {
      DiskTruth durable = LiveDirectoryReader.read(settings.home);
      StatusAnswer answer = session.status();
      new SwitchAdmission(group, change).check(truth.of(durable, answer), durable);
      check.vet(session, answer, durable);
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
}
