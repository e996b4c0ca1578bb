package io.bluegreen.launch;

import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** The processes that this JVM is the parent of. Only the parent learns an exit code. */
final class ChildProcesses {
  private static final Duration REAPING = Duration.ofSeconds(1);

  private final Map<Key, Process> processes = new ConcurrentHashMap<>();

  void add(LaunchId id, int index, Process process) {
    processes.put(new Key(id, index), process);
  }

  void forget(LaunchId id) {
    processes.keySet().removeIf(key -> key.id().equals(id));
  }

  /** Returns the exit code of an instance that has ended, where this JVM is its parent. */
  Optional<Integer> exitCode(LaunchId id, int index, TimeSource time) throws InterruptedException {
    Process process = processes.get(new Key(id, index));
    if (process == null) {
      return Optional.empty();
    }
    try {
      // The kernel shows the end a moment before the JDK knows the code.
      return Optional.of(time.await(REAPING, process.onExit()).exitValue());
    } catch (InterruptedException e) {
      throw e;
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (Exception e) {
      throw new IllegalStateException("the JDK could not wait for " + process, e);
    }
  }

  private record Key(LaunchId id, int index) {}
}
