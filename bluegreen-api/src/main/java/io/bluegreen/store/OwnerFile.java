package io.bluegreen.store;

import io.bluegreen.LeaseOwner;
import io.bluegreen.StateCorruptException;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who holds the lease, for others to read. It proves nothing: it counts only while the lock is
 * held, and it stays when the lease ends, so that a process that sees the lock held and reads it
 * then finds it. The pid in it is never looked up, because the reader may live in another PID
 * namespace.
 */
final class OwnerFile {
  /** Stands for a holder whose file says nothing that could be read. */
  static final LeaseOwner UNKNOWN =
      new LeaseOwner("unknown", "unknown", 0, "unknown", Instant.EPOCH);

  private static final Logger LOG = LoggerFactory.getLogger(OwnerFile.class);
  private static final int MOST_BYTES = 4096;
  private static final int LONGEST_NAME = 255;

  private final GroupDirectory directory;

  OwnerFile(GroupDirectory directory) {
    this.directory = directory;
  }

  void write(LeaseOwner owner) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("group", owner.group());
    members.put("deploymentId", owner.deploymentId());
    members.put("pid", owner.pid());
    members.put("host", owner.host());
    members.put("since", owner.since().toString());
    DurableFile.replace(path(), Json.writePretty(members).getBytes(StandardCharsets.UTF_8));
  }

  /** Returns what it says, {@link #UNKNOWN} if that makes no sense, or empty if it is not there. */
  Optional<LeaseOwner> read() {
    try {
      return directory
          .read(path(), MOST_BYTES, "It is written again at the next acquisition")
          .map(Json::read)
          .map(Json::members)
          .map(OwnerFile::owner);
    } catch (StateCorruptException | IllegalArgumentException e) {
      LOG.warn("{} does not say who holds the lease", path(), e);
      return Optional.of(UNKNOWN);
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(path());
  }

  private Path path() {
    return directory.owner();
  }

  private static LeaseOwner owner(Map<String, Json> members) {
    long pid = member(members, "pid").integer().orElse(0L);
    if (pid < 1) {
      throw new IllegalArgumentException("pid: expected a number from 1");
    }
    try {
      return new LeaseOwner(
          name(members, "group"),
          name(members, "deploymentId"),
          pid,
          name(members, "host"),
          Instant.parse(name(members, "since")));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("since: expected a time such as 2026-11-21T10:15:30Z", e);
    }
  }

  private static String name(Map<String, Json> members, String name) {
    String value = member(members, name).text().orElse("");
    if (value.isBlank() || !Text.clean(value, LONGEST_NAME).equals(value)) {
      throw new IllegalArgumentException(name + ": expected 1 to 255 printable characters");
    }
    return value;
  }

  private static Json member(Map<String, Json> members, String name) {
    Json value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": is missing");
    }
    return value;
  }
}
