package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.TimeSource;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How HAProxy is reached. Immutable; each method that names a thing returns a changed copy.
 *
 * @param record the file that each switch replaces
 * @param api the admin socket
 * @param byServers whether the split is made of weights
 * @param configuration to be read by open, if it is named
 * @param master its socket, if it is named
 * @param time which somebody else closes; empty for real time
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
