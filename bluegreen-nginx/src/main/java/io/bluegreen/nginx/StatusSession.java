package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks one worker of nginx in live mode, by a connection that is kept and opened again when nginx
 * has closed it. One worker is enough, because all of them ask the same file system. Not safe for
 * threads.
 */
final class StatusSession implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final StatusAddress door;
  private final TimeSource time;
  private @Nullable StatusConnection connection;

  StatusSession(StatusAddress door, TimeSource time) {
    this.door = door;
    this.time = time;
  }

  /** Asks for the current generation. */
  StatusAnswer status() throws IOException {
    return ask(List.of(StatusRequest.STATUS)).get(0);
  }

  /**
   * Asks for several pages in one go, which takes hardly longer than asking for one.
   *
   * @return the answers, in the same order
   * @throws IOException if nobody answers, or an answer is cut
   */
  List<StatusAnswer> ask(List<StatusRequest> questions) throws IOException {
    List<StatusAnswer> answers = new ArrayList<>();
    while (answers.size() < questions.size()) {
      List<StatusRequest> left = questions.subList(answers.size(), questions.size());
      StatusConnection kept = connection;
      StatusConnection used = kept == null ? StatusConnection.open(door, LIMIT, time) : kept;
      connection = used;
      try {
        used.get(left, answers);
      } catch (IOException closed) {
        close();
        boolean inVain = questions.size() - answers.size() == left.size();
        if (kept == null && inVain) {
          throw closed;
        }
      }
    }
    return answers;
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
