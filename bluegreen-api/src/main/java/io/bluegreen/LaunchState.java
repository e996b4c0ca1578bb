package io.bluegreen;

import io.bluegreen.support.Text;
import java.util.Objects;

/**
 * What became of one launch. Immutable.
 *
 * @param kind the answer
 * @param detail more for a person, such as {@code pid 4711} or {@code exit code 1}; bounded
 * @param lastOutput the end of what the processes printed, if the launcher keeps it, else empty;
 *     lines are kept, other control characters are not; bounded
 */
public record LaunchState(Kind kind, String detail, String lastOutput) {
  private static final int LONGEST_DETAIL = 300;
  private static final int LONGEST_OUTPUT = 4_000;

  /** The answers. */
  public enum Kind {
    /** Every instance runs. */
    RUNNING,
    /** At least one instance has ended by itself. */
    EXITED,
    /** Nothing with this token was ever started here, or it was stopped. */
    ABSENT,
    /** It can't be told; counts as bad where traffic would move to it. */
    UNKNOWN,
    /** Somebody else runs it: only its health counts. */
    EXTERNAL
  }

  /** Bounds and cleans. */
  public LaunchState {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(lastOutput, "lastOutput");
    detail = Text.clean(detail, LONGEST_DETAIL);
    lastOutput = Text.cleanLines(lastOutput, LONGEST_OUTPUT);
  }

  /** Returns that every instance runs. */
  public static LaunchState running(String detail) {
    return new LaunchState(Kind.RUNNING, detail, "");
  }

  /** Returns that an instance has ended by itself. */
  public static LaunchState exited(String detail, String lastOutput) {
    return new LaunchState(Kind.EXITED, detail, lastOutput);
  }

  /** Returns that nothing with this token is there. */
  public static LaunchState absent() {
    return new LaunchState(Kind.ABSENT, "not running", "");
  }

  /** Returns that it can't be told, and why. */
  public static LaunchState unknown(String reason) {
    Objects.requireNonNull(reason, "reason");
    return new LaunchState(Kind.UNKNOWN, reason, "");
  }

  /** Returns that somebody else runs it. */
  public static LaunchState external() {
    return new LaunchState(Kind.EXTERNAL, "run by somebody else", "");
  }

  /** Returns whether traffic may go there as far as the launcher can tell. */
  public boolean alive() {
    return kind == Kind.RUNNING || kind == Kind.EXTERNAL;
  }

  /** Returns this state with the end of the output. */
  public LaunchState withOutput(String output) {
    Objects.requireNonNull(output, "output");
    return new LaunchState(kind, detail, output);
  }

  /** Returns kind and detail. */
  @Override
  public String toString() {
    return kind + (detail.isEmpty() ? "" : " (" + detail + ")");
  }
}
