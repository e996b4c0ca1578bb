package io.bluegreen.engine;

import io.bluegreen.TimeSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process and the machine that this runs on, for people. It asks for the machine's name when
 * that is first needed, and waits a moment at most, because a name service may hang.
 */
final class ThisHost {
  /** What a machine is called whose own name can't be found out. */
  static final String NAMELESS = "localhost";

  private static final Logger log = LoggerFactory.getLogger(ThisHost.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final TimeSource time;
  private final Callable<String> question;
  private @Nullable String name;

  ThisHost(TimeSource time) {
    this(time, () -> InetAddress.getLocalHost().getHostName());
  }

  ThisHost(TimeSource time, Callable<String> question) {
    this.time = time;
    this.question = question;
  }

  long pid() {
    return ProcessHandle.current().pid();
  }

  /** Returns the name; asks for it the first time, and never again. */
  synchronized String name() {
    if (name == null) {
      name = asked();
    }
    return name;
  }

  private String asked() {
    try {
      return time.within(LIMIT, question);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NAMELESS;
    } catch (Exception e) {
      log.debug("the name of this machine can't be found out", e);
      return NAMELESS;
    }
  }
}
