package io.bluegreen;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A launcher could not start, stop or find what it was asked for. */
public class LaunchException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final Effect effect;

  /** What a call that failed has left behind in its slot. */
  public enum Effect {
    /**
     * The call did nothing: it started no process and told none to end, so that whatever runs in
     * the slot was there before. The engine then undoes nothing of it.
     */
    UNCHANGED,
    /** Something may have been started, or told to end. The engine then stops it by its token. */
    UNKNOWN
  }

  /** Creates one without a cause, of a call that may have had an effect. */
  public LaunchException(String message) {
    this(message, Effect.UNKNOWN, null);
  }

  /** Creates one with its cause, of a call that may have had an effect. */
  public LaunchException(String message, Throwable cause) {
    this(message, Effect.UNKNOWN, cause);
  }

  /**
   * Creates one without a cause.
   *
   * @param effect say {@link Effect#UNCHANGED} only where that is certain: what was started and is
   *     called unchanged is never stopped
   */
  public LaunchException(String message, Effect effect) {
    this(message, effect, null);
  }

  /**
   * Creates one.
   *
   * @param effect as above
   * @param cause null for none
   */
  public LaunchException(String message, Effect effect, @Nullable Throwable cause) {
    super(message, cause);
    this.effect = Objects.requireNonNull(effect, "effect");
  }

  /** Returns what the call has left behind. */
  public Effect effect() {
    return effect;
  }
}
