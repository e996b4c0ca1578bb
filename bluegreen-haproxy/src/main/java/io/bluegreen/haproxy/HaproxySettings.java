package io.bluegreen.haproxy;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How HAProxy is reached, as the host has set it. Immutable; each method that sets a value returns
 * a changed copy.
 *
 * @param record the file that each switch replaces
 * @param api the admin socket
 * @param byServers whether the split is made of weights
 * @param configuration the file that open reads, if it was named
 * @param master the client of the master's socket, if it was named
 * @param container what HAProxy calls what this program calls otherwise, if it runs in a container
 * @param time a time source that somebody else closes; empty for real time
 */
record HaproxySettings(
    Path record,
    RuntimeApi api,
    boolean byServers,
    Optional<Path> configuration,
    Optional<MasterApi> master,
    Optional<ContainerView> container,
    Optional<TimeSource> time) {
  HaproxySettings(Path record, RuntimeApi api, boolean byServers) {
    this(
        record,
        api,
        byServers,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  HaproxySettings configuration(Path file) {
    return new HaproxySettings(record, api, byServers, Optional.of(file), master, container, time);
  }

  HaproxySettings master(MasterApi other) {
    return new HaproxySettings(
        record, api, byServers, configuration, Optional.of(other), container, time);
  }

  HaproxySettings inContainer(ContainerView view) {
    return new HaproxySettings(
        record, api, byServers, configuration, master, Optional.of(view), time);
  }

  HaproxySettings time(TimeSource lent) {
    return new HaproxySettings(
        record, api, byServers, configuration, master, container, Optional.of(lent));
  }

  /** Returns a path as HAProxy sees it. */
  Path seen(Path path) {
    return container.map(view -> view.inside(path)).orElse(path);
  }

  /** Returns a group with the addresses that HAProxy sees. */
  Group seen(Group group) {
    return container.map(view -> view.inside(group)).orElse(group);
  }

  /** Returns the file that each switch replaces, with the path by which HAProxy loads it. */
  RecordFile file() {
    return new RecordFile(record, seen(record));
  }

  RunningHaproxy proxy(TimeSource source) {
    return new RunningHaproxy(api, master, container.isPresent(), source);
  }

  /**
   * Returns the mode for a group.
   *
   * @throws IllegalArgumentException if an address of the group can't be the same in the container
   */
  RoutingMode mode(Group group) {
    return byServers ? new ServerMode(seen(group), file()) : new MapMode(seen(group), file());
  }
}
