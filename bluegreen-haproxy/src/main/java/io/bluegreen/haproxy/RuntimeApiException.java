package io.bluegreen.haproxy;

import io.bluegreen.BlueGreenException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Thrown if a command of the runtime API was not proven to have succeeded. */
public final class RuntimeApiException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean mayHaveActed;
  private final @Nullable Refusal refusal;

  /** How it went wrong. */
  public enum Kind {
    /** Not one byte reached HAProxy: no such socket, no permission, refused, or a full backlog. */
    UNREACHABLE,
    /** The deadline was over before the whole reply had come. */
    TIMED_OUT,
    /** The connection ended before the whole reply had come. */
    CUT,
    /** HAProxy answered that it did not do it. */
    REFUSED,
    /**
     * The reply is whole but this client does not know it; or the reply is longer than its limit.
     */
    NOT_UNDERSTOOD,
    /** The thread was interrupted; its flag is set again. */
    INTERRUPTED
  }

  private RuntimeApiException(
      Kind kind,
      boolean mayHaveActed,
      @Nullable Refusal refusal,
      String message,
      @Nullable Throwable cause) {
    super(message);
    this.kind = kind;
    this.mayHaveActed = mayHaveActed;
    this.refusal = refusal;
    if (cause != null) {
      initCause(cause);
    }
  }

  static RuntimeApiException unreachable(String message, @Nullable Throwable cause) {
    return new RuntimeApiException(Kind.UNREACHABLE, false, null, message, cause);
  }

  static RuntimeApiException refused(Refusal refusal, String message) {
    return new RuntimeApiException(Kind.REFUSED, false, refusal, message, null);
  }

  static RuntimeApiException broken(
      Kind kind, boolean mayHaveActed, String message, @Nullable Throwable cause) {
    return new RuntimeApiException(kind, mayHaveActed, null, message, cause);
  }

  /** Returns how it went wrong. */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns whether the command may have taken effect, now or later, although it was not
   * acknowledged. Ask HAProxy before sending it again. Always false for a command that only reads.
   */
  public boolean mayHaveActed() {
    return mayHaveActed;
  }

  /** Returns the reason of a refusal; empty for other kinds. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * Returns whether the command may be sent again without harm, because nothing of it can have
   * acted.
   */
  boolean transientAndHarmless() {
    return !mayHaveActed && (kind == Kind.UNREACHABLE || kind == Kind.CUT);
  }
}
