package io.bluegreen.haproxy;

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
 * @param time a time source that somebody else closes; empty for real time
 */
record HaproxySettings(
    Path record,
    RuntimeApi api,
    boolean byServers,
    Optional<Path> configuration,
    Optional<MasterApi> master,
    Optional<TimeSource> time) {
  HaproxySettings(Path record, RuntimeApi api, boolean byServers) {
    this(record, api, byServers, Optional.empty(), Optional.empty(), Optional.empty());
  }

  HaproxySettings configuration(Path file) {
    return new HaproxySettings(record, api, byServers, Optional.of(file), master, time);
  }

  HaproxySettings master(MasterApi other) {
    return new HaproxySettings(record, api, byServers, configuration, Optional.of(other), time);
  }

  HaproxySettings time(TimeSource lent) {
    return new HaproxySettings(record, api, byServers, configuration, master, Optional.of(lent));
  }

  RoutingMode mode(Group group) {
    return byServers ? new ServerMode(group, record) : new MapMode(group, record);
  }
}
