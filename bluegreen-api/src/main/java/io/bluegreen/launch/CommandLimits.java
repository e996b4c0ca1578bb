package io.bluegreen.launch;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;

/**
 * How long one run of each command of a launcher may take. Immutable.
 *
 * @param stop besides the grace
 */
record CommandLimits(Duration start, Duration stop, Duration status) {
  /** Validates. */
  CommandLimits {
    ArgumentChecks.positive("limit of the start command", start);
    ArgumentChecks.positive("limit of the stop command", stop);
    ArgumentChecks.positive("limit of the status command", status);
  }

  CommandLimits start(Duration longest) {
    return new CommandLimits(longest, stop, status);
  }

  CommandLimits stop(Duration longest) {
    return new CommandLimits(start, longest, status);
  }

  CommandLimits status(Duration longest) {
    return new CommandLimits(start, stop, longest);
  }
}
