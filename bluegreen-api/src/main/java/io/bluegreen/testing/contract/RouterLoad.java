package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask all services in turn, again and again, while switches are made, and note each
 * wrong answer. Whether an answer is right follows from the phases that the client saw before it
 * asked and after it was answered, not from clocks.
 */
final class RouterLoad {
  private static final int KEEP_ALIVE_CLIENTS = 4;
  private static final int FRESH_CLIENTS = 2;
  private static final int ROUNDS_BETWEEN_SWITCHES = 3;
  private static final int NOTED = 20;

  /**
   * The load takes at least this long: a race that is lost once in a hundred switches is not seen
   * in twenty.
   */
  private static final Duration AT_LEAST = Duration.ofSeconds(2);

  private final RouterBench bench;
  private final List<String> services;
  private final List<AtomicInteger> rounds = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private int switches;
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<String> stale = new ConcurrentLinkedQueue<>();
  private final Queue<String> mixed = new ConcurrentLinkedQueue<>();

  /**
   * Counts up: it is even while everything rests on one colour, first on blue, and odd while a
   * switch is made.
   */
  private volatile int phase;

  private volatile boolean over;

  private RouterLoad(RouterBench bench) {
    this.bench = bench;
    services = List.copyOf(bench.all(Color.BLUE).services());
  }

  /** Makes at least this many switches, and as many more as there is time for. */
  static RouterLoad over(RouterBench bench, int fewest) {
    assertThat(fewest).as("switchesUnderLoad").isPositive();
    bench.switchTo(Color.BLUE);
    RouterLoad load = new RouterLoad(bench);
    load.run(fewest);
    return load;
  }

  /** Returns how many switches were made. */
  int switches() {
    return switches;
  }

  /** Returns the colour on which everything rests in the end. */
  Color last() {
    return restingOn(2 * switches);
  }

  int requests() {
    return requests.get();
  }

  Queue<String> failed() {
    return failed;
  }

  Queue<String> stale() {
    return stale;
  }

  Queue<String> mixed() {
    return mixed;
  }

  private void run(int fewest) {
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    try (TimeSource time = TimeSource.system()) {
      for (int i = 0; i < KEEP_ALIVE_CLIENTS + FRESH_CLIENTS; i++) {
        boolean keepAlive = i < KEEP_ALIVE_CLIENTS;
        boolean backwards = i % 2 == 1;
        AtomicInteger mine = new AtomicInteger();
        rounds.add(mine);
        clients.add(
            CompletableFuture.runAsync(() -> ask(keepAlive, backwards, mine), time.executor()));
      }
      try {
        everyoneGoesRound();
        Deadline end = time.deadline(AT_LEAST);
        while (switches < fewest || !end.over()) {
          phase = 2 * switches + 1;
          bench.switchTo(restingOn(2 * switches + 2));
          switches++;
          phase = 2 * switches;
          everyoneGoesRound();
        }
      } finally {
        over = true;
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
      }
    }
  }

  private void everyoneGoesRound() {
    List<Integer> before = rounds.stream().map(AtomicInteger::get).toList();
    bench.eventually(
        "a proxy promises to answer every client, between switches too",
        () -> {
          for (int i = 0; i < before.size(); i++) {
            if (rounds.get(i).get() < before.get(i) + ROUNDS_BETWEEN_SWITCHES) {
              return false;
            }
          }
          return true;
        },
        () -> "rounds of each client before " + before + ", now " + rounds);
  }

  private void ask(boolean keepAlive, boolean backwards, AtomicInteger mine) {
    List<ProxyUnderTest.Client> clients =
        services.stream().map(service -> bench.proxy.client(service, keepAlive)).toList();
    try {
      while (!over) {
        int roundBegan = phase;
        @Nullable Color first = null;
        for (int i = 0; i < services.size(); i++) {
          int at = backwards ? services.size() - 1 - i : i;
          Color answer = ask(clients.get(at), services.get(at), keepAlive);
          if (first == null) {
            first = answer;
          } else if (answer != null && wentBack(roundBegan, first, phase, answer)) {
            note(mixed, first + " and then " + services.get(at) + " " + answer, keepAlive);
          }
        }
        mine.incrementAndGet();
      }
    } finally {
      clients.forEach(ProxyUnderTest.Client::close);
    }
  }

  private @Nullable Color ask(ProxyUnderTest.Client client, String service, boolean keepAlive) {
    int began = phase;
    requests.incrementAndGet();
    try {
      Color answer = client.request();
      if (began % 2 == 0 && phase == began && answer != restingOn(began)) {
        note(stale, service + " " + answer, keepAlive);
      }
      return answer;
    } catch (IOException e) {
      note(failed, service + ": " + e, keepAlive);
      return null;
    }
  }

  /** Whether at most one switch was made meanwhile and the second answer is from before it. */
  private static boolean wentBack(int began, Color first, int ended, Color second) {
    int moved = began % 2 == 0 ? began + 2 : began + 1;
    return ended <= moved && first == restingOn(moved) && second == first.other();
  }

  private static Color restingOn(int phase) {
    return phase / 2 % 2 == 0 ? Color.BLUE : Color.GREEN;
  }

  private void note(Queue<String> what, String detail, boolean keepAlive) {
    if (what.size() < NOTED) {
      what.add((keepAlive ? "kept connection: " : "fresh connection: ") + detail);
    }
  }
}
