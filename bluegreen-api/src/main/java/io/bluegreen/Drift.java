package io.bluegreen;

import java.util.Objects;

/**
 * One way in which what a proxy serves, what it would serve after a cold start, and what was last
 * acknowledged are apart. Immutable.
 *
 * @param kind what differs
 * @param detail what exactly, for a person; without control characters
 */
public record Drift(Kind kind, String detail) {
  /** Refuses null. */
  public Drift {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
  }

  /** What can differ. Kinds may be added in minor releases. */
  public enum Kind {
    /** The proxy serves another split than the one that was last acknowledged. */
    RUNNING_DIFFERS,
    /** A cold start or the next reload would serve another split than the one that runs. */
    DURABLE_DIFFERS,
    /** The proxy carries a later switch than the record knows: the record is an older copy. */
    RECORD_BEHIND,
    /** The proxy fell back to its rendered default: what it was told is gone. */
    STATE_LOST,
    /** A file that the library renders was changed by somebody else. */
    FILE_EDITED,
    /** A file that the library renders is cut short. */
    FILE_TORN,
    /** A file that the library renders is not there, or lacks its marker. */
    MARKER_MISSING,
    /** The resource is marked as another group's. */
    FOREIGN_MARK,
    /**
     * Workers of an earlier generation still take new requests, by another split. Told by the
     * router, with the splits in {@link RouterTruth.Known#formerWorkers}.
     */
    FORMER_WORKERS,
    /** The proxy has a target that the group does not name, or lacks one that it does. */
    UNKNOWN_TARGET,
    /** A person took a target out of service at the proxy. */
    MAINTENANCE
  }

  /** Returns kind and detail. */
  @Override
  public String toString() {
    return kind + ": " + detail;
  }
}
