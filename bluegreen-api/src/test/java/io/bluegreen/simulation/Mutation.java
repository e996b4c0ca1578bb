package io.bluegreen.simulation;

import java.util.List;

/**
 * Makes the engine wrong on purpose: replaces a piece of its source. A piece that is not found
 * exactly once fails, so that no mutation outlives the code that it is about.
 */
enum Mutation {
  ROUTER_NOT_READ_BACK(
      1,
      "TrafficControl.java",
      new Edit(
          "if (!now.running().equals(to) || !now.durable().equals(to) || !carried) {",
          "if (failure != null) {")),
  RECORD_BELIEVED_INSTEAD_OF_THE_ROUTER(
      1,
      "RecoveryTable.java",
      new Edit(
          "if (goneBack || truth.running().equals(open.from)) {",
          "if (open.entries.stream().noneMatch(e -> e.kind() == StepKind.MOVE && e.mark() =="
              + " Mark.FACT)) {")),
  DRIFT_NOT_REFUSED(
      1, "ServedNow.java", new Edit("if (!drift.isEmpty()) {", "if (drift == null) {")),
  DRAIN_NOT_WAITED_FOR(
      2,
      "TrafficControl.java",
      new Edit(
          "while (!left.isNone() && !waited && ", "while (left == null && !left.isNone() && ")),
  OLD_PROOF_BELIEVED(
      3,
      "HealthProofs.java",
      new Edit(
          "if (streak.passes() < probing.passes() || streak.began().compareTo(earliest) < 0) {",
          "if (streak.passes() < probing.passes()) {")),
  WAY_BACK_NOT_CHECKED(
      3,
      "HealthProofs.java",
      new Edit(
          "void proveForReturn(List<Slot> slots) throws StepNotDone, InterruptedException {",
          """
          void proveForReturn(List<Slot> slots) throws StepNotDone, InterruptedException {
            if (run.state().open != null && run.journal.open().failure != null) {
              return;
            }\
          """)),
  FIRST_DEPLOYMENT_IN_PARTS(
      4,
      "Planner.java",
      new Edit("boolean gradual = !first && inSteps", "boolean gradual = inSteps"),
      new Edit("served.nothingLive(slot) ? 100 : percent", "percent")),
  SERVICES_ONE_BY_ONE(
      5,
      "Planner.java",
      new Edit(
          "      for (Slot slot : routed) {\n        // Where",
          "      for (Slot slot : routed.subList(0, 1)) {\n        // Where")),
  EFFECT_BEFORE_ITS_INTENT(
      6,
      "Engine.java",
      new Edit(
          """
              try {
                run.journal.intent(step.entry(run).at(place, Mark.INTENT));
              } catch
          """,
          """
              JournalEntry late = step.entry(run).at(place, Mark.INTENT);
              try {
                run.journal.requireLease();
              } catch
          """),
      new Edit(
          """
                step.run(run);
              } catch
          """,
          """
                step.run(run);
                run.journal.intent(late);
              } catch
          """)),
  HOOKS_NOT_UNDONE(
      6,
      "HookStep.java",
      new Edit(
          "public boolean undoable() {\n    return true;",
          "public boolean undoable() {\n    return false;")),
  CANDIDATE_NOT_STOPPED(
      6,
      "LaunchStep.java",
      new Edit(
          "public boolean undoable() {\n    return true;",
          "public boolean undoable() {\n    return false;")),
  ACTING_WITHOUT_THE_LEASE(
      7, 554, "Journal.java", new Edit("if (!lease.held()) {", "if (lease == null) {")),
  OTHER_COLOUR_STOPPED(8, "StopStep.java", new Edit("run.stop(slot);", "run.stop(slot.other());")),
  TRAFFIC_NOT_LOOKED_FOR_BEFORE_A_STOP(
      8,
      1_781,
      "LaunchStep.java",
      new Edit(
          "    run.traffic.requireIdle(slot);\n    boolean hadTraffic", "    boolean hadTraffic")),
  UNRECORDED_RUNNERS_NOT_LOOKED_FOR(
      8,
      "UnrecordedRunners.java",
      new Edit("if (found.isEmpty()) {\n      return;", "if (found != null) {\n      return;"),
      new Edit(
          "if (run.operation.force().isPresent()) {\n      return;",
          "if (run != null) {\n      return;")),
  UNRECORDED_RUNNERS_NOT_LOOKED_FOR_BEFORE_THE_FIRST_EFFECT(
      8,
      "Preflight.java",
      new Edit(
          "      new UnrecordedRunners(run, launch.getKey()).requireNone();\n      List<",
          "      List<")),
  CHECK_NOT_ASKED_AGAIN_WHEN_THE_LIVE_COLOUR_HAS_STOPPED(
      8,
      2_498,
      "HandoverStep.java",
      new Edit("requireNoneLeft(run);\n    try {\n      start", "try {\n      start")),
  REFUSED_LAUNCH_IS_UNDONE(
      8, "LaunchStep.java", new Edit("return failure.isRefusedByLauncher();", "return false;")),
  REFUSED_HANDOVER_IS_UNDONE(
      8,
      2_773,
      "HandoverStep.java",
      new Edit(
          "run.putBack(candidate);\n        throw StepNotDone.because(e.reason(), e);",
          "throw StepNotDone.because(e.reason(), e);")),
  WAITING_WITHOUT_A_DEADLINE(
      9,
      "RunContext.java",
      new Edit(
          "return setup.time().within(limit, interventions.inside(work));", "return work.call();")),
  APPROVAL_NOT_WAITED_FOR(
      9,
      "WaitForPerson.java",
      new Edit("if (!run.policy.has(Option.PROMOTE_UNLESS_ABORTED)) {", "if (limit == null) {")),
  PROMOTED_WITHOUT_A_LAST_LOOK(
      10,
      2_292,
      "Ending.java",
      new Edit("if (!truth.running().equals(plan.to())) {", "if (truth == null) {"),
      new Edit("if (!truth.durable().equals(plan.to())) {", "if (truth == null) {")),
  INCONCLUSIVE_IS_A_PASS(
      10,
      "HoldGates.java",
      new Edit("passed &= verdict.kind() == Verdict.Kind.PASSED;", "passed &= verdict != null;")),
  BACK_FROM_BEHIND_NO_RETURN(
      10, 597, "Engine.java", new Edit("if (run.journal.open().noReturn) {", "if (run == null) {")),
  LISTENER_BREAKS_IT(
      11,
      "ListenerQueue.java",
      new Edit(
          "log.warn(\"listener {} failed at: {}\", name, event.describe(), e);",
          "if (e instanceof RuntimeException broken) { throw broken; }")),
  WHAT_SERVES_IS_TAKEN_FOR_NOTHING(
      13, "ServedNow.java", new Edit("if (served.isLookedAt(service)) {", "if (run == null) {")),
  GIVEN_UP_ADOPTION_IS_STOPPED(
      13,
      590,
      "AdoptStep.java",
      new Edit(
          "  public void undo(OperationRun run) {\n",
          "  public void undo(OperationRun run) throws StepNotDone, InterruptedException {\n"
              + "    run.stop(slot);\n")),
  SICK_ONE_IS_TAKEN_FOR_LIVE(
      13,
      2_200,
      "FirstLook.java",
      new Edit("!entry.getValue().up())", "entry.getValue() == null)"));

  /** A piece of source, and its replacement. */
  record Edit(String is, String becomes) {}

  final int invariant;

  /** A run at, or shortly before, the first that sees the mutation: the short form starts there. */
  final long near;

  final String file;
  final List<Edit> edits;

  Mutation(int invariant, String file, Edit... edits) {
    this(invariant, 1, file, edits);
  }

  Mutation(int invariant, long near, String file, Edit... edits) {
    this.invariant = invariant;
    this.near = near;
    this.file = file;
    this.edits = List.of(edits);
  }

  String applied(String source) {
    String mutated = source;
    for (Edit edit : edits) {
      String is = edit.is().stripTrailing();
      if (mutated.split(java.util.regex.Pattern.quote(is), -1).length != 2) {
        throw new IllegalStateException(this + ": not exactly once in " + file + ": " + is);
      }
      mutated = mutated.replace(is, edit.becomes().stripTrailing());
    }
    return mutated;
  }
}
