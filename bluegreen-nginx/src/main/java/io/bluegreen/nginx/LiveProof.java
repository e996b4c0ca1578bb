package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves that nginx serves what a switch has put on the disk. All workers see a rename at once, so
 * that what one of them answers is proof.
 *
 * @param home the state directory
 */
record LiveProof(Path home, LiveTruth truth, ServerDecisions decisions, TimeSource time) {
  private static final Duration POLL = Duration.ofMillis(5);

  /**
   * Waits until it is so, within the limit of the switch.
   *
   * @throws IOException with what is not as it should be, or if the thread is interrupted
   */
  void await(Switch change, StatusSession session) throws IOException {
    Deadline end = time.deadline(SwitchAdmission.within(change));
    while (true) {
      Optional<String> missing = missing(change, session);
      if (missing.isEmpty()) {
        return;
      }
      if (end.over()) {
        throw new IOException(missing.get());
      }
      pause();
    }
  }

  /** Returns what is not as it should be. */
  private Optional<String> missing(Switch change, StatusSession session) {
    try {
      DiskTruth durable = LiveDirectoryReader.read(home);
      List<StatusRequest> requests = new ArrayList<>(List.of(StatusRequest.STATUS));
      requests.addAll(decisions.requests(change.to()));
      List<StatusAnswer> answers = session.ask(requests);
      RouterTruth.Known known = truth.of(durable, answers.get(0));
      if (known.generation() != change.generation() || !known.wholly(change.to())) {
        return Optional.of("nginx does not answer generation " + change.generation());
      }
      return decisions.undecided(change.to(), answers.subList(1, answers.size()));
    } catch (IOException e) {
      return Optional.of(
          "nginx does not answer (" + Text.clean(String.valueOf(e.getMessage()), 300) + ")");
    }
  }

  private void pause() throws IOException {
    try {
      time.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
