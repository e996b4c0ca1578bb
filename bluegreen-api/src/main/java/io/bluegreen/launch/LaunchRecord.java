package io.bluegreen.launch;

import io.bluegreen.Color;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is written down about a launch, so that a later JVM can find out what became of it. The
 * number of a process counts only together with its start. A version of this library that does not
 * know of processes that were taken over refuses a record of one, and signals none. Immutable.
 *
 * @param id of the launch
 * @param version of the release
 * @param bootId of the run of the machine in which it was launched
 * @param namespace in which the numbers of its processes count
 * @param instances what was started so far, in the order of their index
 * @param origin where its processes come from
 */
record LaunchRecord(
    LaunchId id,
    String version,
    String bootId,
    String namespace,
    List<Started> instances,
    Origin origin) {
  private static final long FORMAT = 1;
  private static final long HIGHEST_PID = 4_194_304;
  private static final Set<String> MEMBERS =
      Set.of(
          "format",
          "group",
          "service",
          "color",
          "token",
          "version",
          "bootId",
          "namespace",
          "instances");
  private static final String ORIGIN = "origin";
  private static final String TAKEN_OVER = "taken-over";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}");
  private static final Pattern BOOT = Pattern.compile("[0-9a-f-]{36}");
  private static final Pattern NAMESPACE = Pattern.compile("pid:\\[[0-9]{1,20}]");

  /** Where processes come from. */
  enum Origin {
    /** This library started them: what their wrappers left in their session is theirs, too. */
    LAUNCHED,
    /** Somebody else started them, perhaps from a shell whose session is none of our business. */
    TAKEN_OVER
  }

  /**
   * One instance.
   *
   * @param pid of its main process
   * @param start when that process started, in ticks; 0 if it had ended before it could be looked
   *     at
   */
  record Started(long pid, long start) {
    /** Returns whether this is the very process. */
    boolean is(HostProcess process) {
      return pid == process.pid() && start == process.start();
    }
  }

  /** Validates and copies. */
  LaunchRecord {
    require(NAME.matcher(id.group()).matches(), "group");
    require(NAME.matcher(id.service()).matches(), "service");
    require(VERSION.matcher(version).matches(), "version");
    require(BOOT.matcher(bootId).matches(), "bootId");
    require(NAMESPACE.matcher(namespace).matches(), "namespace");
    instances = List.copyOf(instances);
    for (Started started : instances) {
      require(started.pid() > 1 && started.pid() <= HIGHEST_PID, "pid");
      require(started.start() >= 0, "start");
    }
  }

  /** Creates the record of processes that were launched. */
  LaunchRecord(
      LaunchId id, String version, String bootId, String namespace, List<Started> instances) {
    this(id, version, bootId, namespace, instances, Origin.LAUNCHED);
  }

  /** Returns whether somebody else started its processes. */
  boolean takenOver() {
    return origin == Origin.TAKEN_OVER;
  }

  /**
   * Returns its main processes that still run, by their numbers and starts; none where those mean
   * nothing, because the machine was started again, or another namespace counts.
   *
   * @throws IOException if that can't be found out
   */
  List<HostProcess> running(ProcessTable table) throws IOException {
    List<HostProcess> running = new ArrayList<>();
    if (bootId.equals(table.bootId()) && !isElsewhere(table)) {
      for (Started one : instances) {
        table.find(one.pid()).filter(one::is).ifPresent(running::add);
      }
    }
    return running;
  }

  /** Returns whether its processes have other numbers here, or none. */
  boolean isElsewhere(ProcessTable table) throws IOException {
    return bootId.equals(table.bootId()) && !namespace.equals(table.namespace());
  }

  /** Returns this record with one more instance. */
  LaunchRecord with(Started started) {
    List<Started> more = new ArrayList<>(instances);
    more.add(started);
    return new LaunchRecord(id, version, bootId, namespace, more, origin);
  }

  /** Returns it as JSON. */
  byte[] write() {
    List<Map<String, Object>> started = new ArrayList<>();
    instances.forEach(one -> started.add(Map.of("pid", one.pid(), "start", one.start())));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", FORMAT);
    document.put("group", id.group());
    document.put("service", id.service());
    document.put("color", id.color().label());
    document.put("token", id.token());
    document.put("version", version);
    document.put("bootId", bootId);
    document.put("namespace", namespace);
    document.put("instances", started);
    if (takenOver()) {
      document.put(ORIGIN, TAKEN_OVER);
    }
    return Json.writePretty(document).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is not exactly what {@link #write} writes
   */
  static LaunchRecord read(byte[] document) {
    Json json = Json.read(document);
    Set<String> members = new HashSet<>(json.members().keySet());
    boolean takenOver = members.remove(ORIGIN);
    require(members.equals(MEMBERS), "the set of members");
    require(!takenOver || text(json, "/" + ORIGIN).equals(TAKEN_OVER), ORIGIN);
    require(json.at("/format").flatMap(Json::integer).equals(Optional.of(FORMAT)), "format");
    List<Started> started = new ArrayList<>();
    for (Json one : json.at("/instances").orElseThrow().elements()) {
      require(one.members().keySet().equals(Set.of("pid", "start")), "instances");
      started.add(new Started(number(one, "/pid"), number(one, "/start")));
    }
    LaunchId id =
        new LaunchId(
            text(json, "/group"),
            text(json, "/service"),
            Color.of(text(json, "/color")),
            text(json, "/token"));
    return new LaunchRecord(
        id,
        text(json, "/version"),
        text(json, "/bootId"),
        text(json, "/namespace"),
        started,
        takenOver ? Origin.TAKEN_OVER : Origin.LAUNCHED);
  }

  private static String text(Json json, String pointer) {
    return json.at(pointer).flatMap(Json::text).orElseThrow(() -> wrong(pointer));
  }

  private static long number(Json json, String pointer) {
    return json.at(pointer).flatMap(Json::integer).orElseThrow(() -> wrong(pointer));
  }

  private static void require(boolean fits, String member) {
    if (!fits) {
      throw wrong(member);
    }
  }

  private static IllegalArgumentException wrong(String member) {
    return new IllegalArgumentException(member + " is not what was written there");
  }
}
