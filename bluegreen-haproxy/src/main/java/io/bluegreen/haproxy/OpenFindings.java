package io.bluegreen.haproxy;

import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects the findings of an open; without any, every promise is made. */
final class OpenFindings {
  private final Set<RouterGuarantee> guarantees = EnumSet.allOf(RouterGuarantee.class);
  private final List<RouterReport.Warning> warnings = new ArrayList<>();

  /** Notes a fault that costs a promise. */
  void costs(RouterGuarantee guarantee, String what, String remedy) {
    guarantees.remove(guarantee);
    warnings.add(new RouterReport.Warning(what, remedy, Optional.of(guarantee)));
  }

  /** Notes a weakness that costs no promise. */
  void warn(String what, String remedy) {
    warnings.add(new RouterReport.Warning(what, remedy, Optional.empty()));
  }

  /** Returns the refusal of a HAProxy that the router can't work with. */
  static RouterException refused(String what, String remedy) {
    return new RouterException(what + "; remedy: " + remedy, Effect.UNCHANGED);
  }

  RouterReport report() {
    return new RouterReport(guarantees, warnings);
  }
}
