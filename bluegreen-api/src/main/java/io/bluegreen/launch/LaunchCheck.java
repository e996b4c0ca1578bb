package io.bluegreen.launch;

import io.bluegreen.LaunchException;
import io.bluegreen.LaunchFinding;
import io.bluegreen.Slot;
import io.bluegreen.support.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks what on this machine speaks against a launch. Touches nothing. */
record LaunchCheck(LaunchContext context, Slot slot, Optional<LaunchId> occupant) {
  /**
   * Returns what is in the way: the run directory, another launch of the slot, or a program that
   * holds its ports. The occupant is not in the way.
   */
  List<LaunchFinding> findings() {
    List<LaunchFinding> findings = new ArrayList<>();
    try {
      context
          .directory()
          .objection(slot.group(), context.table().ownUser())
          .map(LaunchFinding::invalid)
          .ifPresent(findings::add);
      Optional<LaunchRecord> record = context.directory().record(slot);
      Optional<LaunchRecord> own = record.filter(found -> occupant.equals(Optional.of(found.id())));
      if (record.isPresent() && own.isEmpty()) {
        context
            .stillRuns(slot, record.get())
            .map(found -> LaunchFinding.taken(found + "; " + LaunchContext.waysOut(slot)))
            .ifPresent(findings::add);
      }
      List<HostProcess> ending = new ArrayList<>();
      if (own.isPresent()) {
        ending.addAll(context.processes(own.get()).find(own.get().running(context.table())));
      } else if (occupant.isPresent()) {
        ending.addAll(context.processes(occupant.get()).find());
      }
      new OccupiedPorts(context.table())
          .held(slot.instances(), ending).stream().map(LaunchFinding::taken).forEach(findings::add);
    } catch (LaunchException e) {
      findings.add(LaunchFinding.invalid(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      findings.add(LaunchFinding.taken(slot + ": it can't be looked at: " + Failures.reason(e)));
    }
    return findings;
  }
}
