package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at the age of a file that the instance touches now and then: UP while it is young enough.
 * Made for services that answer no requests.
 *
 * <pre>{@code
 * HeartbeatCheck.file("/run/shop/{service}-{color}", Duration.ofSeconds(30))
 * }</pre>
 *
 * <p>The file is never opened, only its time of last change is asked for; what is no regular file
 * (a symbolic link in the last component included) is DOWN. A time that lies in the future would
 * stay young for as long as it lies there: beyond {@link #CLOCKS_DIFFER} it is DOWN. The clock is
 * the one of this machine; a file on a network file system may have the time of another. Immutable,
 * and safe for use by several threads.
 */
public final class HeartbeatCheck implements HealthCheck {
  /** How far in the future a file's time may lie; it then counts as now. */
  public static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

  private final InstanceTemplate file;
  private final Duration maxAge;
  private final TimeSource time;

  private HeartbeatCheck(InstanceTemplate file, Duration maxAge, TimeSource time) {
    this.file = file;
    this.maxAge = maxAge;
    this.time = time;
  }

  /**
   * Returns a check of a file.
   *
   * @param file an absolute path; in it {@code {service}}, {@code {color}}, {@code {index}}, {@code
   *     {version}}, {@code {host}} and {@code {port}} stand for those of the instance; a brace
   *     itself is written twice
   * @param maxAge an older file is DOWN
   * @throws IllegalArgumentException if the path is not absolute, a placeholder is unknown, a brace
   *     stands alone, or the age is not more than zero
   */
  public static HeartbeatCheck file(String file, Duration maxAge) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(maxAge, "maxAge");
    return file(file, maxAge, TimeSource.system());
  }

  /**
   * As {@link #file(String, Duration)}, with another clock.
   *
   * @param time only its {@link TimeSource#now} is asked; it stays the caller's to close
   * @throws IllegalArgumentException as above
   */
  public static HeartbeatCheck file(String file, Duration maxAge, TimeSource time) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(time, "time");
    if (!file.startsWith("/")) {
      throw new IllegalArgumentException("file: expected an absolute path, but was " + file);
    }
    ArgumentChecks.positive("maxAge", maxAge);
    return new HeartbeatCheck(InstanceTemplate.of("file", file), maxAge, time);
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    Objects.requireNonNull(instance, "instance");
    Health health =
        file.fill(instance).map(this::look).orElseGet(() -> file.lacking(instance).orElseThrow());
    return CompletableFuture.completedFuture(health);
  }

  /** Returns the path with its placeholders, and the age. */
  @Override
  public String toString() {
    return "heartbeat " + file + " within " + maxAge;
  }

  private Health look(String path) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(Path.of(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile()
          ? judge(path, Duration.between(found.lastModifiedTime().toInstant(), time.now()))
          : Health.down(path + " is not a regular file");
    } catch (NoSuchFileException e) {
      return Health.down(path + " is missing");
    } catch (IOException | InvalidPathException | SecurityException e) {
      return Health.down(path + ": " + Reason.of(e));
    }
  }

  private Health judge(String path, Duration age) {
    if (age.compareTo(CLOCKS_DIFFER.negated()) < 0) {
      return Health.down(path + " has a time that is " + age.negated().toMillis() + " ms ahead");
    }
    String seen = path + " is " + Math.max(0, age.toMillis()) + " ms old";
    return age.compareTo(maxAge) <= 0
        ? Health.up(seen)
        : Health.down(seen + ", expected at most " + maxAge.toMillis() + " ms");
  }
}
