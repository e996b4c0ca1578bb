package io.bluegreen.haproxy;

import io.bluegreen.support.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells people what HAProxy's own check of a server found last ({@code show stat}). */
final class LastCheck {
  /** At most this many servers are named; a hundred that are down are down for one reason. */
  private static final int MOST = 5;

  private static final int LONGEST = 80;

  private LastCheck() {}

  /**
   * Returns for each server the state in which HAProxy holds it, and why; the reason is left out if
   * HAProxy can't be asked for it.
   */
  static String of(List<ServerState> servers, RuntimeApi api) {
    Map<String, StatRow> rows = new HashMap<>();
    List<String> told = new ArrayList<>();
    for (ServerState server : servers.subList(0, Math.min(MOST, servers.size()))) {
      try {
        if (!rows.containsKey(server.path())) {
          api.stats(server.backend()).forEach(row -> rows.put(row.proxy() + "/" + row.name(), row));
        }
        told.add(server.path() + of(rows.get(server.path())));
      } catch (RuntimeApiException e) {
        told.add(server.path());
      }
    }
    if (servers.size() > MOST) {
      told.add("and " + (servers.size() - MOST) + " more");
    }
    return told.toString();
  }

  private static String of(@Nullable StatRow row) {
    if (row == null) {
      return "";
    }
    String found = shown(row, "check_status");
    String code = shown(row, "check_code");
    String text = shown(row, "last_chk");
    String last =
        found.isEmpty()
            ? "; it is not checked"
            : "; its last check: "
                + found
                + (code.isEmpty() || code.equals("0") ? "" : " " + code)
                + (shown(row, "check_desc").isEmpty() ? "" : " " + shown(row, "check_desc"))
                + (text.isEmpty() ? "" : ", " + text);
    return " (" + shown(row, "status") + last + ")";
  }

  private static String shown(StatRow row, String column) {
    return Text.clean(row.get(column), LONGEST);
  }
}
