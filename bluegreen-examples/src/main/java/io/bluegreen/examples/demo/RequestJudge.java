package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges every request, in bounded memory. A request failed unless it was answered whole, with
 * status 200 and a colour. It is stale if the colour that answered had share 0 from the request's
 * start to its end: where a switch was on its way meanwhile, both colours are right. If a version
 * is known to be bad, its errors are not the router's fault: they are counted apart, and may be
 * stale like any other answer.
 *
 * <p>One lock guards both the moment at which a switch returned and the judging of requests. So a
 * request that started after that moment is always judged with knowledge of it.
 */
public final class RequestJudge {
  private static final Duration BEFORE = Duration.ofSeconds(Long.MIN_VALUE);
  private static final int SPANS_KEPT = 256;
  private static final int FAILURES_KEPT = 5;
  private static final int VERSIONS_KEPT = 16;

  private final String service;
  private final String badVersion;
  private final TimeSource time;
  private final Deque<Span> spans = new ArrayDeque<>();
  private final Map<String, Long> versions = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long requests;
  private long failed;
  private long stale;
  private long retried;
  private long candidateErrors;
  private Optional<FirstError> firstError = Optional.empty();
  private Optional<Duration> detected = Optional.empty();

  /**
   * Starts empty.
   *
   * @param service whose split counts
   */
  public RequestJudge(String service, TimeSource time) {
    this(service, "", time);
  }

  /**
   * Starts empty.
   *
   * @param service whose split counts
   * @param badVersion whose errors are counted apart; empty for none
   */
  public RequestJudge(String service, String badVersion, TimeSource time) {
    this.service = service;
    this.badVersion = badVersion;
    this.time = time;
    spans.add(new Span(BEFORE, EnumSet.allOf(Color.class)));
  }

  /** Returns the time at which a request starts, which the caller hands in when it has ended. */
  Duration start() {
    return time.elapsed();
  }

  void answered(Duration start, DemoAnswer answer) {
    Duration end = time.elapsed();
    if (answer.status() / 100 == 5 && isBad(answer)) {
      candidateError(end, answer.color().get());
    } else if (answer.status() != 200 || answer.color().isEmpty()) {
      failed(answer.status() + " from " + answer.color().map(Color::label).orElse("no colour"));
      return;
    }
    judge(start, end, answer.color().get(), answer.version());
  }

  /** Only the application names its version, so that it is not the router's answer. */
  private boolean isBad(DemoAnswer answer) {
    return !badVersion.isEmpty()
        && answer.version().equals(badVersion)
        && answer.color().isPresent();
  }

  private synchronized void candidateError(Duration at, Color color) {
    candidateErrors++;
    if (firstError.isEmpty()) {
      firstError = Optional.of(new FirstError(at, color));
    }
  }

  /** A request was not answered whole. */
  synchronized void failed(String why) {
    requests++;
    failed++;
    if (failures.size() < FAILURES_KEPT) {
      failures.add(Text.clean(why, 120));
    }
  }

  /** A request was sent once more, which is still to be judged. */
  synchronized void retried() {
    retried++;
  }

  /** A switch begins: until it returns both splits are right. */
  public synchronized void switching(TrafficSplit from, TrafficSplit to) {
    Set<Color> either = served(from);
    either.addAll(served(to));
    enter(either);
  }

  /** A switch has returned: from now on no request is to reach a colour with share 0. */
  public synchronized void switched(TrafficSplit to) {
    enter(served(to));
    if (detected.isEmpty()) {
      detected =
          firstError
              .filter(error -> !served(to).contains(error.color()))
              .map(error -> time.elapsed().minus(error.at()));
    }
  }

  /** Returns what was counted until now. */
  public synchronized Totals totals() {
    return new Totals(
        requests, failed, stale, retried, candidateErrors, detected, versions, failures);
  }

  private synchronized void judge(Duration start, Duration end, Color color, String version) {
    requests++;
    if (versions.containsKey(version) || versions.size() < VERSIONS_KEPT) {
      versions.merge(version, 1L, Long::sum);
    }
    if (!servedWithin(start, end, color)) {
      stale++;
    }
  }

  private boolean servedWithin(Duration start, Duration end, Color color) {
    for (Span span : (Iterable<Span>) spans::descendingIterator) {
      boolean begun = span.from().compareTo(end) <= 0;
      if (begun && span.served().contains(color)) {
        return true;
      }
      if (span.from().compareTo(start) <= 0) {
        return false; // Spans before this one had ended when the request started.
      }
    }
    return false;
  }

  private void enter(Set<Color> served) {
    spans.add(new Span(time.elapsed(), served));
    if (spans.size() > SPANS_KEPT) {
      spans.remove();
    }
  }

  private Set<Color> served(TrafficSplit split) {
    Set<Color> served = EnumSet.noneOf(Color.class);
    for (Color color : Color.values()) {
      if (split.share(service, color) > 0) {
        served.add(color);
      }
    }
    return served;
  }

  /** From when on which colours may answer. */
  private record Span(Duration from, Set<Color> served) {}

  /** When the bad version's first error came, and from which colour. */
  private record FirstError(Duration at, Color color) {}

  /**
   * What was counted until now. Immutable.
   *
   * @param retried how many requests were sent once more
   * @param candidateErrors errors that the bad version answered
   * @param detected how long after the first of them a switch had taken its colour off the traffic
   * @param versions how many requests each version answered
   * @param failures why the first few failed
   */
  public record Totals(
      long requests,
      long failed,
      long stale,
      long retried,
      long candidateErrors,
      Optional<Duration> detected,
      Map<String, Long> versions,
      List<String> failures) {
    /** Copies. */
    public Totals {
      versions = Map.copyOf(versions);
      failures = List.copyOf(failures);
    }
  }
}
