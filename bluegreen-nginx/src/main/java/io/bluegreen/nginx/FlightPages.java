package io.bluegreen.nginx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** Asks nginx's private pages what is counted. Not safe for threads. */
final class FlightPages {
  /** nginx gives a key of that length whole pages, which short keys have left or have not. */
  private static final int LONG_KEY = 230;

  private final FlightConfig config;
  private final StatusSession session;

  FlightPages(FlightConfig config, StatusSession session) {
    this.config = config;
    this.session = session;
  }

  /**
   * Returns the worker that answers; empty if it has another zone, or none.
   *
   * @throws IOException if nginx does not answer
   */
  OptionalLong worker() throws IOException {
    StatusAnswer answer = session.ask(List.of(question(""))).get(0);
    String[] told = answer.body().split(" ", 2);
    boolean ours = answer.ok() && told.length == 2 && told[1].equals(config.zone());
    return ours && told[0].matches("[0-9]{1,10}")
        ? OptionalLong.of(Long.parseLong(told[0]))
        : OptionalLong.empty();
  }

  /** Returns whether each key has something in flight. */
  List<Boolean> busy(List<String> keys) throws IOException {
    List<StatusRequest> questions = new ArrayList<>();
    keys.forEach(key -> questions.add(question("1?" + FlightConfig.KEY + "=" + key)));
    List<Boolean> busy = new ArrayList<>();
    for (StatusAnswer answer : session.ask(questions)) {
      busy.add(reached(answer));
    }
    return busy;
  }

  /** Returns how much a key has in flight: exact up to 8, above that at least so much. */
  int count(String key) throws IOException {
    List<StatusRequest> questions = new ArrayList<>();
    FlightConfig.LIMITS.forEach(
        limit -> questions.add(question(limit + "?" + FlightConfig.KEY + "=" + key)));
    List<StatusAnswer> answers = session.ask(questions);
    int count = 0;
    for (int i = 0; i < answers.size(); i++) {
      count = reached(answers.get(i)) ? FlightConfig.LIMITS.get(i) : count;
    }
    return count;
  }

  /**
   * Returns whether nginx has memory for more keys, and not for one only: a key of its own, that is
   * longer than any other, needs a whole page. Keys that were left behind never get less, so that
   * where there is room now there was at any time before, unless more than 30 slots of workers were
   * busy at once then.
   */
  boolean hasRoom() throws IOException {
    String number = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    return !busy(List.of("r".repeat(LONG_KEY) + number)).get(0);
  }

  private static StatusRequest question(String page) {
    return new StatusRequest(FlightConfig.PAGE + page, StatusRequest.DOOR);
  }

  private static boolean reached(StatusAnswer answer) throws IOException {
    return switch (answer.status()) {
      case FlightConfig.NOT_YET -> false;
      case FlightConfig.REACHED -> true;
      default ->
          throw new IOException("the page of what is in flight answers HTTP " + answer.status());
    };
  }
}
