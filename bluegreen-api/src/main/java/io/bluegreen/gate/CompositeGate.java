package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.CloseAll;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Reopenable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several gates that give one verdict. Those that decide nothing are asked beside the others, so
 * that they can't hold them up.
 */
final class CompositeGate implements Gate {
  private final String name;
  private final List<Gate> gates;
  private final Function<List<PartVerdict>, Verdict> verdict;
  private final Reopenable<TimeSource> time =
      new Reopenable<>(TimeSource::system, TimeSource::close);

  CompositeGate(String name, List<Gate> gates, Function<List<PartVerdict>, Verdict> verdict) {
    ArgumentChecks.notEmpty("gates", gates);
    this.name = name;
    this.gates = gates;
    this.verdict = verdict;
  }

  /** Returns what any of its parts needs. */
  @Override
  public Set<TrafficMeter.Measure> needs() {
    return gates.stream().flatMap(gate -> gate.needs().stream()).collect(Collectors.toSet());
  }

  /** Returns whether any of its parts does. */
  @Override
  public boolean comparesWithLive() {
    return gates.stream().anyMatch(Gate::comparesWithLive);
  }

  /** Returns whether any of its parts does. */
  @Override
  public boolean decides() {
    return gates.stream().anyMatch(Gate::decides);
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    Map<Integer, BackgroundLook> inBackground = new HashMap<>();
    try {
      for (int i = 0; i < gates.size(); i++) {
        if (!gates.get(i).decides()) {
          inBackground.put(i, new BackgroundLook(gates.get(i), context, time.get()));
        }
      }
      Verdict[] verdicts = new Verdict[gates.size()];
      for (int i = 0; i < verdicts.length; i++) {
        if (!inBackground.containsKey(i)) {
          verdicts[i] = judge(gates.get(i), context);
        }
      }
      for (Map.Entry<Integer, BackgroundLook> look : inBackground.entrySet()) {
        verdicts[look.getKey()] = look.getValue().verdict();
      }
      List<PartVerdict> parts = new ArrayList<>();
      for (Gate gate : gates) {
        int place = parts.size();
        parts.add(new PartVerdict(about(gate, place + 1), verdicts[place], gate.decides()));
      }
      return verdict.apply(parts);
    } finally {
      inBackground.values().forEach(BackgroundLook::end);
    }
  }

  @Override
  public void close() {
    List<AutoCloseable> parts = new ArrayList<>(List.of(time));
    parts.addAll(gates);
    CloseAll.of(parts);
  }

  /** Returns what it is made of. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (Gate gate : gates) {
      parts.add(about(gate, parts.size() + 1));
    }
    return name + " of " + parts;
  }

  /** Asks one gate; where that goes wrong in any way, there is no verdict. */
  static Verdict judge(Gate gate, Context context) throws InterruptedException {
    try {
      Verdict verdict = gate.judge(context);
      return verdict == null ? Verdict.inconclusive("the gate answered null") : verdict;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while a gate was asked");
      }
      return Verdict.inconclusive("the gate failed: " + Failures.reason(e));
    }
  }

  /** The name that Java gives to a lambda says nothing to a person. */
  static String about(Gate gate, int place) {
    return gate.getClass().isHidden() ? "gate " + place : gate.toString();
  }
}
