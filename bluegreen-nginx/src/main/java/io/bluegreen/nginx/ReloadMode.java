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
import io.bluegreen.support.Failures;
import io.bluegreen.support.ResourceLock;
import io.bluegreen.support.Text;
import io.bluegreen.support.UnifiedDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Switches by replacing one generated file as a whole, and by a reload whose effect is proven. */
final class ReloadMode implements Mode {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadMode.class);

  private final NginxSettings settings;
  private final Path file;
  private final Group group;
  private final TimeSource time;
  private final StatusPage page;
  private final String digest;
  private final LastGeneration last;
  private final FlightSupport support;
  private final FlightCounter flight;

  ReloadMode(NginxSettings settings, Path file, Router.Opening opening, TimeSource time) {
    this.settings = settings;
    this.file = file;
    this.group = opening.group();
    this.time = time;
    this.page = new StatusPage(settings.door(), time);
    this.digest = new ReloadConfig(group, settings, true).digest();
    this.support = FlightSupport.of(settings);
    this.flight = new FlightCounter(settings, group, time);
    this.last = new LastGeneration(file.resolveSibling("." + file.getFileName() + ".last"));
  }

  @Override
  public RouterReport open(Router.Opening opening) {
    return new ReloadCheck(settings, file, group, page, flight).report();
  }

  @Override
  public RouterTruth current() {
    try {
      return truth(running(), GeneratedFile.read(file, group));
    } catch (IOException | IllegalArgumentException e) {
      return new RouterTruth.Unreachable(
          "nginx at " + settings.door() + ": " + Text.clean(String.valueOf(e.getMessage()), 300));
    }
  }

  @Override
  public void apply(Switch change) {
    Duration began = time.elapsed();
    try (ResourceLock lock = SwitchAdmission.alone(settings.lock(), change, time)) {
      LOG.debug("{} holds the lock", lock);
      ReloadPlan plan = admitted(SwitchAdmission.rest(change, time.elapsed().minus(began)));
      if (!plan.isDone()) {
        new ReloadSwitch(settings, file, this, plan, time).make();
      }
      note(change);
    }
  }

  @Override
  public List<String> plan(Switch change) {
    try {
      GeneratedFile before = GeneratedFile.read(file, group);
      String after = plan(change, running(), before).text();
      List<String> plan = new ArrayList<>();
      plan.addAll(UnifiedDiff.of(file.toString(), before.text(), after));
      plan.add("run " + String.join(" ", settings.testCommand()));
      plan.add("run " + String.join(" ", settings.reloadCommand()));
      return List.copyOf(plan);
    } catch (IOException | IllegalArgumentException e) {
      throw unasked(e);
    }
  }

  @Override
  public InFlight inFlight(Slot slot) {
    if (settings.counter.isPresent()) {
      return settings.counter.get().apply(slot);
    }
    try {
      FormerWorkers former = former(running(), GeneratedFile.read(file, group));
      InFlight counted = flight.of(slot, worker -> former.mayAnswer(worker, slot));
      return counted.count().isPresent()
          ? InFlight.some(Math.max(counted.count().getAsInt(), former.count(slot)))
          : uncounted(slot, former.inFlight(slot));
    } catch (IOException | IllegalArgumentException e) {
      throw unasked(e);
    }
  }

  /** What comes by preview or a direct port comes to any worker. */
  private InFlight uncounted(Slot slot, InFlight former) {
    return former.isNone() && settings.reaches(slot.service()) ? InFlight.UNKNOWN : former;
  }

  private void note(Switch change) {
    try {
      last.note(change.generation());
    } catch (IOException e) {
      LOG.warn("{} could not be written; the switch is done", last.link(), e);
    }
  }

  private ReloadPlan admitted(Switch change) {
    try {
      RunningGeneration running = running();
      GeneratedFile before = GeneratedFile.read(file, group);
      ReloadPlan plan = plan(change, running, before);
      new SwitchAdmission(group, change).check(truth(running, before), plan.seen());
      return plan;
    } catch (IOException | IllegalArgumentException e) {
      throw unasked(e);
    }
  }

  private ReloadPlan plan(Switch change, RunningGeneration running, GeneratedFile before) {
    Optional<NginxWorkers> workers = NginxWorkers.around(running.pid(), settings);
    FormerWorkers former = new FormerWorkers(workers, before, running.status());
    ReloadConfig config = new ReloadConfig(group, settings, counting(running, before));
    return new ReloadPlan(group, config, change, running, before, workers, former);
  }

  /** Where nginx can't be asked what it knows, it has shown it if its file has such lines. */
  private boolean counting(RunningGeneration running, GeneratedFile before) {
    boolean known =
        support.isProven()
            || (!support.known() && before.text().contains(FlightConfig.of(group).zone()));
    return known && FlightSupport.tooOld(running.version()).isEmpty();
  }

  RunningGeneration running() throws IOException {
    return RunningGeneration.of(page.get(LiveConfig.STATUS));
  }

  private RouterTruth.Known truth(RunningGeneration running, GeneratedFile file) {
    DiskTruth durable = file.durable();
    List<Drift> drift = new ArrayList<>(durable.drift());
    TrafficSplit runs = running.status().splitOf(group);
    TrafficSplit lies = durable.splitOf(group);
    if (!running.status().group().equals(group.name())) {
      drift.add(new Drift(Kind.FOREIGN_MARK, "nginx serves group " + running.status().group()));
    }
    if (!running.config().equals(digest)) {
      drift.add(
          new Drift(
              Kind.UNKNOWN_TARGET,
              "nginx was told other services or addresses than group " + group.name() + " names"));
    }
    boolean other =
        durable.drift().isEmpty() && durable.generation() != running.status().generation();
    if (!runs.equals(lies) || other) {
      drift.add(
          new Drift(
              Kind.DURABLE_DIFFERS,
              "runs generation "
                  + running.status().generation()
                  + " ("
                  + runs
                  + "), the next reload would serve generation "
                  + durable.generation()
                  + " ("
                  + lies
                  + ")"));
    }
    last.compare(running.status().generation()).ifPresent(drift::add);
    FormerWorkers former = former(running, file);
    former.drift().ifPresent(drift::add);
    return new RouterTruth.Known(
        runs,
        lies,
        former.splits().stream().map(split -> DiskTruth.split(group, split.green())).toList(),
        running.status().generation(),
        Math.max(running.status().fence(), durable.fence()),
        running.status().unassigned(group),
        drift);
  }

  private FormerWorkers former(RunningGeneration running, GeneratedFile file) {
    return new FormerWorkers(NginxWorkers.around(running.pid(), settings), file, running.status());
  }

  private RouterException unasked(Exception e) {
    return new RouterException(
        "nothing was changed, because nginx at "
            + settings.door()
            + " could not be asked: "
            + Failures.reason(e),
        Effect.UNKNOWN,
        e);
  }
}
