package io.bluegreen.health;

import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.HttpAnswer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A regular expression that is searched in text from outside. A search that backtracks without end
 * is given up after a fixed number of steps, so that it can't hold the thread that serves all
 * probes.
 */
final class BoundedPattern {
  /** How many characters one search may look at: 30 times as many as a body has at most. */
  static final int STEPS = 2_000_000;

  private final Pattern pattern;

  BoundedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  Optional<String> refusal(HttpAnswer answer) {
    try {
      return pattern.matcher(new Counted(answer.text())).find()
          ? Optional.empty()
          : Optional.of(
              "/"
                  + pattern
                  + "/ was not found in the "
                  + (answer.truncated()
                      ? "first " + BoundedHttp.BODY_KEPT + " bytes of the body"
                      : "body"));
    } catch (TooManySteps e) {
      return Optional.of("/" + pattern + "/ was given up after " + STEPS + " steps");
    } catch (StackOverflowError e) {
      // How java.util.regex says that a group was repeated too often for it.
      return Optional.of("/" + pattern + "/ needs too much stack for this body");
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  private static final class Counted implements CharSequence {
    private final String text;
    private int steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
