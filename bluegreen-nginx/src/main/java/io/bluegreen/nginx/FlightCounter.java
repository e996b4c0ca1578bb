package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is in flight for a slot, by what nginx counts in each living worker ({@link
 * FlightConfig}). A worker never changes its configuration: one that was proven to count does so
 * until it ends, also after it is told to quit. A worker that was told to quit before anybody saw
 * it may answer any slot; it counts as one request until it is gone.
 */
final class FlightCounter {
  private static final Logger LOG = LoggerFactory.getLogger(FlightCounter.class);

  private final Map<String, Set<String>> counting = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> uncounted = new ConcurrentHashMap<>();
  private final NginxSettings settings;
  private final Group group;
  private final FlightConfig config;
  private final TimeSource time;
  private final RunningConfig files;
  private final FlightProof proof;
  private final WorkerTurns turns;

  FlightCounter(NginxSettings settings, Group group, TimeSource time) {
    this.settings = settings;
    this.group = group;
    this.config = FlightConfig.of(group);
    this.time = time;
    this.files = new RunningConfig(settings, group, config, time);
    this.proof = new FlightProof(settings, config, time);
    this.turns = new WorkerTurns(time);
  }

  /** Returns why nginx can't tell what is in flight; empty if it is proven that it can. */
  Optional<FlightFault> fault() {
    if (settings.container.isPresent()) {
      return FlightFault.of(
          "nginx counts for each of its processes, whose ids mean nothing outside its container",
          "let nginx run on this machine itself");
    }
    try (StatusSession session = new StatusSession(settings.door(), time)) {
      FlightPages pages = new FlightPages(config, session);
      OptionalLong worker = pages.worker();
      if (worker.isEmpty()) {
        FlightSupport support = FlightSupport.of(settings);
        boolean can = settings.generated.isPresent() ? support.isProven() : support.isPossible();
        return can ? FlightFault.of("nginx was not told to count", remedyUntold()) : support.lack();
      }
      Optional<NginxWorkers> workers = NginxWorkers.around(worker.getAsLong(), settings);
      if (workers.isEmpty()) {
        return FlightFault.of(
            "nginx's workers can't be seen, and it counts for each of them by its id",
            "run this program in nginx's PID namespace");
      }
      if (!pages.hasRoom()) {
        return full();
      }
      uncounted.clear();
      return prove(group.routed(), workers.get(), pages);
    } catch (IOException e) {
      return FlightFault.of(
          "that it counts could not be proven (" + Failures.reason(e) + ")",
          "look into " + settings.errorLog);
    }
  }

  /**
   * Returns how many requests a slot is answering; UNKNOWN if nginx can't tell now.
   *
   * @param mayAnswer whether a worker that was not seen before it was told to quit may answer for
   *     the slot
   */
  InFlight of(Slot slot, Predicate<NginxWorkers.Worker> mayAnswer) {
    if (settings.container.isPresent()) {
      return InFlight.UNKNOWN;
    }
    try (StatusSession session = new StatusSession(settings.door(), time)) {
      FlightPages pages = new FlightPages(config, session);
      OptionalLong worker = pages.worker();
      Optional<NginxWorkers> workers =
          worker.isEmpty() ? Optional.empty() : NginxWorkers.around(worker.getAsLong(), settings);
      return workers.isPresent() && isKnown(slot.service(), workers.get(), pages)
          ? count(slot, workers.get(), mayAnswer, pages)
          : InFlight.UNKNOWN;
    } catch (IOException e) {
      LOG.debug("nginx could not be asked what is in flight for {}", slot, e);
      return InFlight.UNKNOWN;
    }
  }

  private boolean isKnown(Service service, NginxWorkers workers, FlightPages pages)
      throws IOException {
    Set<String> accepting = accepting(workers);
    if (accepting.equals(uncounted.get(service.name()))) {
      return false;
    }
    Optional<FlightFault> fault =
        known(service.name()).containsAll(accepting)
            ? Optional.empty()
            : prove(List.of(service), workers, pages);
    if (fault.isPresent()) {
      LOG.warn("what is in flight for {} is not known: {}", service, fault.get().what());
      return false;
    }
    return pages.hasRoom() && turns.areDone(workers.list());
  }

  private InFlight count(
      Slot slot, NginxWorkers workers, Predicate<NginxWorkers.Worker> mayAnswer, FlightPages pages)
      throws IOException {
    Set<String> known = known(slot.service().name());
    List<String> keys = new ArrayList<>();
    int count = 0;
    for (NginxWorkers.Worker worker : workers.list()) {
      if (known.contains(worker.id()) && workers.isOwn(worker.pid())) {
        keys.add(FlightConfig.key(slot.toString(), worker.pid()));
      } else if (worker.accepts() || mayAnswer.test(worker)) {
        count++;
      }
    }
    List<Boolean> busy = pages.busy(keys);
    for (int i = 0; i < keys.size(); i++) {
      count += busy.get(i) ? Math.max(1, pages.count(keys.get(i))) : 0;
    }
    return InFlight.some(count);
  }

  /** Proves that all workers that accept requests count them, and remembers the result. */
  private Optional<FlightFault> prove(
      List<Service> services, NginxWorkers workers, FlightPages pages) throws IOException {
    Set<NginxWorkers.Worker> accepting = proof.accepting(workers);
    Set<String> all = FlightProof.ids(accepting);
    Optional<FlightFault> missed = files.fault(workers, accepting);
    for (Service service : services) {
      Optional<FlightFault> fault =
          missed.isPresent()
              ? missed
              : proof.fault(service, accepting, pages).map(why -> new FlightFault(why, lines()));
      if (fault.isPresent()) {
        services.forEach(its -> uncounted.put(its.name(), all));
        return fault;
      }
      Set<String> ids = ConcurrentHashMap.newKeySet();
      ids.addAll(all);
      counting.merge(service.name(), ids, FlightCounter::union);
    }
    return Optional.empty();
  }

  private Set<String> known(String service) {
    return counting.getOrDefault(service, Set.of());
  }

  private static Set<String> accepting(NginxWorkers workers) {
    return FlightProof.ids(
        workers.list().stream().filter(NginxWorkers.Worker::accepts).collect(Collectors.toSet()));
  }

  private static Set<String> union(Set<String> before, Set<String> more) {
    before.addAll(more);
    return before;
  }

  private String remedyUntold() {
    return settings.generated.isPresent()
        ? "the next switch puts what it needs into the generated file; after it " + lines()
        : lines();
  }

  private String lines() {
    return settings.generated.isPresent()
        ? "put \"limit_conn "
            + config.zone()
            + " "
            + FlightConfig.MAX_COUNT
            + "; limit_conn_dry_run on;\" into each location that passes on to the group's"
            + " services, as renderConfig(group) has it, and reload nginx once"
        : "move nginx.conf away, let renderConfig(group).write() write it again, and reload nginx"
            + " once; one of your own needs each of its lines that speaks of \"flight\" or"
            + " \"limit_conn\"";
  }

  private Optional<FlightFault> full() {
    return FlightFault.of(
        "the memory that it counts in (zone "
            + config.zone()
            + ") is full of what workers that"
            + " were killed left behind; requests are answered all the same",
        "restart nginx once");
  }
}
