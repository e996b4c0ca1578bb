package io.bluegreen.nginx;

import io.bluegreen.Group;
import io.bluegreen.Switch;
import java.util.Optional;

/**
 * What the generated file is to become, worked out from what nginx runs and what lies on the disk.
 *
 * @param group of the router
 * @param config that renders
 * @param change that is asked for
 * @param running as nginx answered
 * @param before the file as it is
 * @param workers of this nginx, where they can be seen
 * @param former what workers of earlier generations still do
 */
record ReloadPlan(
    Group group,
    ReloadConfig config,
    Switch change,
    RunningGeneration running,
    GeneratedFile before,
    Optional<NginxWorkers> workers,
    FormerWorkers former) {
  /** Returns what lies on the disk, with the higher of the two fences: nginx's and the file's. */
  DiskTruth seen() {
    DiskTruth durable = before.durable();
    return new DiskTruth(
        durable.generation(),
        Optional.of(last()),
        durable.green(),
        durable.drift(),
        last().fence());
  }

  /** Returns whether this generation runs already, and lies whole on the disk. */
  boolean isDone() {
    return running.status().generation() == change.generation()
        && running.status().splitOf(group).equals(change.to())
        && isWhole(change.generation())
        && running.config().equals(config.digest())
        && last().fence() == change.fence();
  }

  /** Returns the whole new file. */
  String text() {
    GenerationStatus next = last().after(change);
    return GeneratedFile.render(next, former.afterNextSwitch(), config.body(next));
  }

  /** Returns the file to go back to: as it was if it is what runs; else rendered from what runs. */
  String back() {
    return isWhole(running.status().generation())
        ? before.text()
        : GeneratedFile.render(
            running.status(), former.afterNextSwitch(), config.body(running.status()));
  }

  private boolean isWhole(long generation) {
    return before.durable().drift().isEmpty() && before.durable().generation() == generation;
  }

  private GenerationStatus last() {
    return running.status().fence(before.durable().fence());
  }
}
