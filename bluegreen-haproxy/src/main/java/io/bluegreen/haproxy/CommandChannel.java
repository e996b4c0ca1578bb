package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import io.bluegreen.support.ArgumentChecks;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A way to one process of HAProxy: direct, or through the master by a prefix.
 *
 * @param prefix of each command, such as {@code @!4711} and a blank; mostly empty
 * @param limit of each command
 * @param overall the deadline of all commands together, if there is one
 */
record CommandChannel(
    HaproxySocket wire, String prefix, Duration limit, Optional<Deadline> overall) {
  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(50);

  CommandChannel {
    ArgumentChecks.positive("limit", limit);
  }

  CommandChannel within(Duration other) {
    return new CommandChannel(wire, prefix, other, overall);
  }

  CommandChannel until(Deadline deadline) {
    return new CommandChannel(wire, prefix, limit, Optional.of(deadline));
  }

  CommandChannel to(String otherPrefix) {
    return new CommandChannel(wire, otherPrefix, limit, overall);
  }

  /** Sends a command that changes something and whose reply is empty. */
  void act(String command) {
    send(
        command,
        true,
        ReplyLimit.WORDS,
        reply -> {
          ReplyCheck.done(command, reply);
          return reply;
        });
  }

  /** Sends a command that changes something, and returns its reply. */
  String askActing(String command) {
    return send(command, true, ReplyLimit.WORDS, reply -> ReplyCheck.text(command, reply, true));
  }

  /** Sends a command that only reads, and returns its short reply. */
  String ask(String command) {
    return ask(command, ReplyLimit.WORDS);
  }

  /** Sends a command that only reads, and returns the lines of its reply. */
  List<String> lines(String command, ReplyLimit bound) {
    return ask(command, bound).lines().toList();
  }

  private String ask(String command, ReplyLimit bound) {
    return send(command, false, bound, reply -> ReplyCheck.text(command, reply, false));
  }

  @Override
  public String toString() {
    return prefix + wire.address();
  }

  private interface Reading {
    String of(String reply);
  }

  private String send(String command, boolean acts, ReplyLimit bound, Reading reading) {
    String sent = prefix + command;
    if (sent.length() > CommandWord.LONGEST_LINE) {
      throw new IllegalArgumentException(
          "command: longer than " + CommandWord.LONGEST_LINE + " characters");
    }
    Deadline deadline = wire.time().deadline(limit);
    Deadline end = overall.map(whole -> whole.atMost(limit)).orElse(deadline);
    if (Thread.currentThread().isInterrupted()) {
      throw RuntimeApiException.broken(
          Kind.INTERRUPTED,
          false,
          "interrupted before \"" + ReplyCheck.shown(command) + "\"",
          null);
    }
    try {
      return reading.of(wire.exchange(sent, acts, end, bound));
    } catch (RuntimeApiException first) {
      if (!again(first, end)) {
        throw first;
      }
      return retry(end).executeSupplier(() -> reading.of(wire.exchange(sent, acts, end, bound)));
    }
  }

  /**
   * Returns the rule for further attempts. Each call has its own, because it keeps the deadline of
   * the call.
   */
  private static Retry retry(Deadline end) {
    return Retry.of(
        "haproxy",
        RetryConfig.<String>custom()
            .maxAttempts(ATTEMPTS - 1)
            .waitDuration(PAUSE)
            .retryOnException(e -> e instanceof RuntimeApiException r && again(r, end))
            .build());
  }

  private static boolean again(RuntimeApiException e, Deadline end) {
    return e.transientAndHarmless() && end.left().compareTo(PAUSE) > 0;
  }
}
