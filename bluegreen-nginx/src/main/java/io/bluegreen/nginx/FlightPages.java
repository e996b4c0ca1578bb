package io.bluegreen.nginx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** Asks nginx's private pages what is counted. Not safe for threads. */
final class FlightPages {
  /**
   * A key of this length needs a whole page of the memory, so that it finds room only where a page
   * is free.
   */
  private static final int LONG_KEY = 230;

  private final FlightConfig config;
  private final StatusSession session;

  FlightPages(FlightConfig config, StatusSession session) {
    this.config = config;
    this.session = session;
  }

  /**
   * Returns the id of the worker that answers; empty if its configuration has another zone, or
   * none.
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

  /** Returns how many requests of a key are in flight: exact up to 8, above that a lower bound. */
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
   * Returns whether nginx has memory for more keys than one: the key that is tried here is longer
   * than any other and needs a whole page. Keys that killed workers left behind stay for ever. So
   * room now means that there was room at all times before, unless more than 30 slots of workers
   * were busy at once.
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
