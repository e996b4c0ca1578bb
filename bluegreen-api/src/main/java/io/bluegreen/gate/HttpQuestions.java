package io.bluegreen.gate;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.HttpCall;
import io.bluegreen.support.LiteralAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends several HTTP requests at once and waits for all answers, with one hard deadline. */
final class HttpQuestions implements AutoCloseable {
  private static final int IN_FLIGHT = 200;

  // Only its clock and its waiting are used, so that there is nothing of it to close.
  private final TimeSource time = TimeSource.system();
  private final BoundedHttp http;

  HttpQuestions(@Nullable SSLContext trust) {
    http = new BoundedHttp(IN_FLIGHT, trust, time::elapsed);
  }

  /** Returns the replies in the order of the questions; an interruption ends what is in flight. */
  List<Reply> ask(List<Question> questions, Duration limit) throws InterruptedException {
    Deadline end = time.deadline(limit);
    List<CompletableFuture<HttpAnswer>> flights = new ArrayList<>();
    try {
      for (Question question : questions) {
        flights.add(send(question));
      }
      List<Reply> replies = new ArrayList<>();
      for (CompletableFuture<HttpAnswer> flight : flights) {
        replies.add(reply(flight, end, limit));
      }
      return replies;
    } finally {
      flights.forEach(flight -> flight.cancel(true));
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private CompletableFuture<HttpAnswer> send(Question question) {
    try {
      return question.ours()
          ? http.send(question.endpoint, LiteralAddress.of(question.endpoint), question.call)
          : http.send(question.endpoint, question.call);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Reply reply(CompletableFuture<HttpAnswer> flight, Deadline end, Duration limit)
      throws InterruptedException {
    try {
      HttpAnswer answer = time.await(end.left(), flight);
      return new Reply(Optional.of(answer), "", answer.took());
    } catch (TimeoutException e) {
      return new Reply(Optional.empty(), "no answer within " + Durations.describe(limit), limit);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return new Reply(Optional.empty(), Failures.reason(e), Duration.ZERO);
    }
  }

  /**
   * What is asked, and where.
   *
   * @param endpoint its path is not looked at
   * @param ours whether it is an instance or a front door, which is asked where the router serves
   *     it
   */
  record Question(URI endpoint, HttpCall call, boolean ours) {}

  /**
   * The answer, or why there is none.
   *
   * @param took the time to the end of the answer; the whole limit where that was over
   */
  record Reply(Optional<HttpAnswer> answer, String failure, Duration took) {}
}
