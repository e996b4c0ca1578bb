package io.bluegreen.nginx;

import io.bluegreen.Drift;
import io.bluegreen.Drift.Kind;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.support.DurableFile;
import io.bluegreen.support.FileMode;
import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one file that the library owns in reload mode. nginx does not notice when a file was cut off;
 * that is why this one has a first line, a last line and a checksum.
 *
 * @param text all of it; empty if there is none
 * @param durable what a cold start would serve, as far as it can be read
 * @param former splits that workers from before it may go on to serve
 */
record GeneratedFile(String text, DiskTruth durable, List<FormerSplit> former) {
  private static final int LARGEST = 4 << 20;
  private static final int LONGEST_COMMENT = 2000;
  private static final Pattern BEGIN =
      Pattern.compile("# bluegreen:begin v=1 sha256=([0-9a-f]{64})\n");
  private static final Pattern END = Pattern.compile("# bluegreen:end ([0-9]{1,18})\n");
  private static final Pattern STATUS = Pattern.compile("# bluegreen:status (.*)\n");
  private static final Pattern FORMER = Pattern.compile("# bluegreen:former (.*)\n");

  GeneratedFile {
    former = List.copyOf(former);
  }

  /** Puts the markers around a body. */
  static String render(GenerationStatus status, List<FormerSplit> former, String body) {
    String inner =
        "# Generated; it is replaced whole at each switch. Do not edit.\n"
            + comment("status", status.json())
            + comment("former", FormerSplit.json(former))
            + body;
    return "# bluegreen:begin v=1 sha256="
        + sha256(inner)
        + "\n"
        + inner
        + "# bluegreen:end "
        + status.generation()
        + "\n";
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it is there and can't be read
   */
  static GeneratedFile read(Path file, Group group) throws IOException {
    try {
      return parse(
          new String(DurableFile.read(file, LARGEST), StandardCharsets.UTF_8), file, group);
    } catch (NoSuchFileException e) {
      Drift missing = new Drift(Kind.MARKER_MISSING, file + " is not there: nginx won't start");
      return new GeneratedFile(
          "", new DiskTruth(0, Optional.empty(), Map.of(), List.of(missing), 0), List.of());
    }
  }

  /** Replaces a file as a whole, so that nginx reads the former one or this one. */
  static void replace(Path file, String text) throws IOException {
    DurableFile.removeLeftoversOf(file);
    DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8), FileMode.READABLE.ofFile());
  }

  private static GeneratedFile parse(String text, Path file, Group group) {
    List<Drift> drift = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    Matcher end = END.matcher(text);
    boolean begun = begin.lookingAt();
    boolean ended = end.find() && end.end() == text.length();
    Optional<GenerationStatus> status = Optional.empty();
    List<FormerSplit> former = List.of();
    long generation = ended ? Long.parseLong(end.group(1)) : 0;
    if (!begun) {
      drift.add(new Drift(Kind.MARKER_MISSING, file + " does not start with our marker"));
    } else if (!ended) {
      drift.add(new Drift(Kind.FILE_TORN, file + " does not end with our marker"));
    } else if (!sha256(text.substring(begin.end(), end.start())).equals(begin.group(1))) {
      drift.add(new Drift(Kind.FILE_EDITED, file + " was changed by somebody else, or is damaged"));
    } else {
      status = comment(STATUS, text).map(GenerationStatus::read);
      former = comment(FORMER, text).map(GeneratedFile::former).orElse(List.of());
      if (status.filter(read -> read.generation() != generation).isPresent()) {
        drift.add(new Drift(Kind.FILE_EDITED, file + " ends as generation " + generation));
      }
    }
    Map<String, Integer> green = green(text, group);
    long fence = status.map(GenerationStatus::fence).orElse(0L);
    return new GeneratedFile(text, new DiskTruth(generation, status, green, drift, fence), former);
  }

  /** Reads the shares from the directives, as nginx does, and not from the comments. */
  private static Map<String, Integer> green(String text, Group group) {
    NginxNames names = new NginxNames(group);
    Map<String, Integer> green = new TreeMap<>();
    for (Service service : group.routed()) {
      String variable = names.color(service).substring("$bg_".length());
      Matcher split =
          Pattern.compile(
                  "split_clients \"[^\"]*\" \\$bg(?:split)?_"
                      + Pattern.quote(variable)
                      + " \\{ (?:([0-9]{1,2})% green; \\* blue;|\\* (blue|green);) \\}")
              .matcher(text);
      if (split.find()) {
        String some = split.group(1);
        green.put(
            service.name(),
            some != null ? Integer.parseInt(some) : "green".equals(split.group(2)) ? 100 : 0);
      }
    }
    return green;
  }

  /** nginx reads at most 4096 bytes of a comment. */
  private static String comment(String name, String value) {
    StringBuilder lines = new StringBuilder();
    for (int start = 0; start < value.length(); start += LONGEST_COMMENT) {
      int end = Math.min(value.length(), start + LONGEST_COMMENT);
      lines.append("# bluegreen:").append(name).append(' ').append(value, start, end).append('\n');
    }
    return lines.toString();
  }

  private static Optional<String> comment(Pattern pattern, String text) {
    StringBuilder value = new StringBuilder();
    Matcher line = pattern.matcher(text);
    while (line.find()) {
      value.append(line.group(1));
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value.toString());
  }

  private static List<FormerSplit> former(String json) {
    return FormerSplit.read(Json.read(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
