package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.Switch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server-state file of one group (configuration manual, 3.1, server-state-file): the lines of
 * its own servers only, so that others keep what their configuration says. The group, the fence and
 * the generation stand in comments, which HAProxy skips.
 */
record StateFile(RecordFile record) {
  private static final Pattern OWNER =
      Pattern.compile("(?m)^# bluegreen:group ([a-z0-9_-]{1,63})$");
  private static final Pattern GENERATION = Pattern.compile("(?m)^# generation (\\d{1,18})$");

  /** Bits of srv_admin_state: maintenance and drain by command, maintenance by configuration. */
  private static final int FORCED = 1 | 8;

  private static final int CONFIGURED = 4;

  private static final int MOST_SERVERS = 20_000;

  /** The content of the file. */
  record Content(
      Optional<String> text,
      Optional<String> owner,
      long fence,
      long generation,
      ServersByBackend servers) {}

  Content read() throws IOException {
    Optional<String> text = record.read();
    return new Content(
        text,
        text.flatMap(t -> first(OWNER, t)),
        text.map(RecordFile::fence).orElse(0L),
        text.flatMap(t -> first(GENERATION, t)).map(Long::parseLong).orElse(0L),
        text.isPresent() ? servers(text.get()) : ServersByBackend.NONE);
  }

  /**
   * Returns the whole file.
   *
   * @param state HAProxy's reply to {@code show servers state}, in which the weights are replaced
   * @param weights the weights of our servers, by backend/server
   */
  static String render(
      Group group, List<String> state, Map<String, Integer> weights, Switch change) {
    StringBuilder text = new StringBuilder();
    List<String> columns = List.of();
    for (String line : state) {
      if (line.startsWith("# ")) {
        columns = List.of(line.substring(2).split(" ", -1));
        text.append(line).append('\n');
        text.append("# bluegreen:group ").append(group.name()).append('\n');
        text.append("# generation ").append(change.generation()).append('\n');
        text.append(RecordFile.remarks(change.fence(), change.deploymentId()));
      } else if (columns.isEmpty()) {
        text.append(line).append('\n');
      } else {
        List<String> cells = new ArrayList<>(List.of(line.split(" ", -1)));
        Integer weight =
            cells.size() < columns.size()
                ? null
                : weights.get(
                    cells.get(columns.indexOf("be_name"))
                        + "/"
                        + cells.get(columns.indexOf("srv_name")));
        if (weight != null) {
          cells.set(columns.indexOf("srv_uweight"), Integer.toString(weight));
          inService(columns, cells);
          text.append(String.join(" ", cells)).append('\n');
        }
      }
    }
    return RecordFile.sealed(text.toString());
  }

  /**
   * Puts a server into service. One that a person took out at the moment of a switch must not be
   * out again at every later start, when it was made ready long ago. It starts as servers without a
   * record do.
   */
  private static void inService(List<String> columns, List<String> cells) {
    int admin = columns.indexOf("srv_admin_state");
    int bits = Integer.parseInt(cells.get(admin));
    if ((bits & FORCED) != 0 && (bits & CONFIGURED) == 0) {
      cells.set(admin, Integer.toString(bits & ~FORCED));
      cells.set(columns.indexOf("srv_op_state"), "2");
    }
  }

  private ServersByBackend servers(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      // The header starts like this, too; every other comment is ours.
      boolean told = text.charAt(from) != '#' || text.startsWith("# be_id ", from);
      if (told && end > from) {
        lines.add(text.substring(from, end));
      }
      from = end + 1;
      if (lines.size() > MOST_SERVERS) {
        throw new IOException(
            record.path() + " has more than " + MOST_SERVERS + " lines, which are no group's");
      }
    }
    return lines.stream().anyMatch(line -> line.startsWith("#"))
        ? ServersByBackend.of(ServerState.parse(lines))
        : ServersByBackend.NONE;
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
