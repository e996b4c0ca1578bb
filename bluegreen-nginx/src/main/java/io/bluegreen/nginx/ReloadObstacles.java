package io.bluegreen.nginx;

import io.bluegreen.Switch;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * What would make a reload fail for certain, or do harm; looked for before nginx is told to reload.
 *
 * @param workers of this nginx, where they can be seen
 */
record ReloadObstacles(NginxSettings settings, Switch change, Optional<NginxWorkers> workers) {
  /** Returns the reason why nothing should be written; nothing if the switch may start. */
  Optional<String> beforeAll() {
    return shortLimit().or(this::goneDirectory).or(this::twoMasters);
  }

  /** Workers that can't enter their directory die, and the former ones are told to quit first. */
  Optional<String> goneDirectory() {
    return workers
        .flatMap(NginxWorkers::goneDirectory)
        .map(
            gone ->
                "the working directory of nginx's workers, "
                    + gone
                    + ", is gone: after a reload none would start; create it");
  }

  private Optional<String> shortLimit() {
    Duration limit = SwitchAdmission.within(change);
    return settings
        .minTimeout
        .filter(keeps -> keeps.compareTo(limit) >= 0)
        .map(
            keeps ->
                "by keepalive_min_timeout former workers may serve for "
                    + Durations.describe(keeps)
                    + ", but it may take no more than "
                    + Durations.describe(limit));
  }

  /** A reload would reach one of them only, and the other's workers accept as before. */
  private Optional<String> twoMasters() {
    return workers
        .map(NginxWorkers::masters)
        .filter(masters -> masters.size() > 1)
        .map(
            masters ->
                "nginx's binary is being upgraded: two masters "
                    + masters
                    + " have workers that take requests, and a reload reaches only one; end the"
                    + " former master first, by kill -QUIT");
  }
}
