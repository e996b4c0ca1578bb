package io.bluegreen;

import org.jspecify.annotations.Nullable;

/** A proxy could not be asked, or a switch was not proven. */
public class RouterException extends BlueGreenException {
  private static final long serialVersionUID = 1L;

  private final Effect effect;

  /** What a failed {@link Router#apply} has left behind, read back from the proxy. */
  public enum Effect {
    /** The proxy serves what it served before: this switch did nothing, and never will. */
    UNCHANGED,
    /** The proxy serves the new split, though something else is not as promised. */
    CHANGED,
    /**
     * The effect could not be read back, or the proxy has served neither split since the switch
     * began.
     */
    UNKNOWN
  }

  /** Creates one without a cause. */
  public RouterException(String message, Effect effect) {
    super(message);
    this.effect = effect;
  }

  /** Creates one with its cause. */
  public RouterException(String message, Effect effect, @Nullable Throwable cause) {
    super(message, cause);
    this.effect = effect;
  }

  /** Returns what is left behind. */
  public Effect effect() {
    return effect;
  }
}
