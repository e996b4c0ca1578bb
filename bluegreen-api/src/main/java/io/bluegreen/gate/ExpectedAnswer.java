package io.bluegreen.gate;

import io.bluegreen.gate.HttpQuestions.Reply;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Failures;
import io.bluegreen.support.HttpAnswer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the answer to a probe is expected to be.
 *
 * @param statuses the statuses of which one is expected; empty for any of 2xx
 * @param what what else the answer is expected to have, for a person
 * @param test whether it is
 */
record ExpectedAnswer(Set<Integer> statuses, String what, Predicate<HttpAnswer> test) {
  static final ExpectedAnswer SUCCESS = new ExpectedAnswer(Set.of(), "", answer -> true);

  ExpectedAnswer status(int... allowed) {
    Set<Integer> others = new TreeSet<>();
    for (int each : allowed) {
      others.add(ArgumentChecks.between("status", 200, 599, each));
    }
    ArgumentChecks.notEmpty("status", others);
    return new ExpectedAnswer(others, what, test);
  }

  ExpectedAnswer and(String more, Predicate<HttpAnswer> alsoTest) {
    return new ExpectedAnswer(
        statuses, what.isEmpty() ? more : what + " and " + more, test.and(alsoTest));
  }

  /**
   * Returns what is wrong, or empty. The body is not shown, because nobody knows what is in a page.
   */
  Optional<String> refusal(Reply reply) {
    return reply.answer().map(this::refusal).orElseGet(() -> Optional.of(reply.failure()));
  }

  private Optional<String> refusal(HttpAnswer answer) {
    int status = answer.status();
    if (statuses.isEmpty() ? status / 100 != 2 : !statuses.contains(status)) {
      return Optional.of(
          "expected status "
              + (statuses.isEmpty() ? "2xx" : statuses)
              + ", but was "
              + answer.outcome());
    }
    try {
      return test.test(answer)
          ? Optional.empty()
          : Optional.of(
              "expected "
                  + what
                  + ", but was not, with status "
                  + status
                  + answer
                      .encoding()
                      .map(by -> "; the body is encoded (" + by + "), which was not asked for")
                      .orElse(""));
    } catch (RuntimeException e) {
      return Optional.of("whether there is " + what + " could not be told: " + Failures.reason(e));
    }
  }
}
