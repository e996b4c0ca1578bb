package io.bluegreen;

import io.bluegreen.support.Text;
import java.util.Objects;

/**
 * Why a launch would fail, as far as that is known before anything is done. Immutable.
 *
 * @param kind what sort of reason it is
 * @param reason what a person should know: what is wrong, and what to do about it; bounded, one
 *     line
 */
public record LaunchFinding(Kind kind, String reason) {
  private static final int LONGEST = 800;

  /** The sorts of reasons. */
  public enum Kind {
    /** The launcher was given something that can't work, such as an unknown placeholder. */
    INVALID,
    /**
     * A program, a file or a directory is not there. Hooks of {@link Phase#PREPARE} may be about to
     * bring it, so that it refuses a deployment only when they have run.
     */
    MISSING,
    /**
     * Something runs in the slot, or holds its port, that is not the launch on record; or it can't
     * be told what runs there.
     */
    TAKEN
  }

  /** Validates, bounds and cleans. */
  public LaunchFinding {
    Objects.requireNonNull(kind, "kind");
    reason = Text.clean(Objects.requireNonNull(reason, "reason"), LONGEST);
  }

  /** Returns that something can't work. */
  public static LaunchFinding invalid(String reason) {
    return new LaunchFinding(Kind.INVALID, reason);
  }

  /** Returns that something is not there. */
  public static LaunchFinding missing(String reason) {
    return new LaunchFinding(Kind.MISSING, reason);
  }

  /** Returns that something else is there. */
  public static LaunchFinding taken(String reason) {
    return new LaunchFinding(Kind.TAKEN, reason);
  }

  /** Returns the reason. */
  @Override
  public String toString() {
    return reason;
  }
}
