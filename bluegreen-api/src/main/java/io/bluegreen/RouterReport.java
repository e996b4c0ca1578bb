package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a router found when it was opened. Immutable.
 *
 * @param guarantees what it promises with the proxy as configured
 * @param warnings what is weaker than it could be, each with its remedy; may be empty
 */
public record RouterReport(Set<RouterGuarantee> guarantees, List<Warning> warnings)
    implements JsonForm {
  /** Copies. */
  public RouterReport {
    ArgumentChecks.noNulls("guarantees", guarantees);
    ArgumentChecks.noNulls("warnings", warnings);
    guarantees = Set.copyOf(guarantees);
    warnings = List.copyOf(warnings);
  }

  /** Returns a report of a router that keeps every promise. */
  public static RouterReport all() {
    return new RouterReport(Set.of(RouterGuarantee.values()), List.of());
  }

  /**
   * One thing to mend.
   *
   * @param what is wrong, for a person
   * @param remedy what to do about it
   * @param costs the guarantee that is missing because of it, if one is
   */
  public record Warning(String what, String remedy, Optional<RouterGuarantee> costs)
      implements JsonForm {
    /** Refuses null. */
    public Warning {
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(remedy, "remedy");
      Objects.requireNonNull(costs, "costs");
    }

    /** Returns both halves. */
    @Override
    public String toString() {
      return what + "; remedy: " + remedy;
    }
  }
}
