package io.bluegreen.store;

import io.bluegreen.support.Json;
import io.bluegreen.support.Text;
import io.bluegreen.support.Uninterrupted;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which machine this is: the id that its installation gave it, and its host name. The id is stored
 * as a digest, as machine-id(5) asks for. Two machines are the same if their ids are; only where
 * one of the two has no id the host names decide. Machines that were cloned with their id can't be
 * told apart. Immutable.
 *
 * @param id the digest; empty if the machine has no id, as in many containers
 * @param host the host name
 */
record MachineId(String id, String host) {
  private static final Logger LOG = LoggerFactory.getLogger(MachineId.class);
  private static final Path MACHINE_ID = Path.of("/etc/machine-id");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Pattern RAW_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern ID = Pattern.compile("([0-9a-f]{32})?");

  /** Validates. */
  MachineId {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: expected 32 hexadecimal digits, or nothing");
    }
    if (host.isBlank() || !Text.clean(host, 255).equals(host)) {
      throw new IllegalArgumentException("host: expected a host name");
    }
  }

  /** Returns this machine. */
  static MachineId here() {
    return of(
        firstLine(MACHINE_ID).orElse(""), firstLine(HOST_NAME).orElseGet(MachineId::askedFor));
  }

  /** Returns a machine with an id as it stands in its file; one of another form is no id. */
  static MachineId of(String rawId, String host) {
    return new MachineId(RAW_ID.matcher(rawId).matches() ? digest(rawId) : "", host);
  }

  static MachineId read(byte[] document) {
    Map<String, Json> members = Json.read(document).members();
    return new MachineId(text(members, "id"), text(members, "host"));
  }

  byte[] write() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", id);
    members.put("host", host);
    return Json.writePretty(members).getBytes(StandardCharsets.UTF_8);
  }

  boolean sameAs(MachineId other) {
    return (id.isEmpty() || other.id.isEmpty()) ? host.equals(other.host) : id.equals(other.id);
  }

  private static String text(Map<String, Json> members, String name) {
    Json value = members.get(name);
    return value == null ? "" : value.text().orElse("");
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Uninterrupted.call(
          () -> {
            try (InputStream in = Files.newInputStream(file)) {
              String text = new String(in.readNBytes(255), StandardCharsets.UTF_8);
              return Optional.of(Text.clean(text, 255)).filter(line -> !line.isEmpty());
            }
          });
    } catch (IOException e) {
      LOG.debug("{} can't be read; this machine is known without it", file, e);
      return Optional.empty();
    }
  }

  private static String askedFor() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.warn("This machine has no host name", e);
      return "localhost";
    }
  }

  private static String digest(String rawId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("io.bluegreen/" + rawId).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
