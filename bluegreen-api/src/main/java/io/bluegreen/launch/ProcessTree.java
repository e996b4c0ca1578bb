package io.bluegreen.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the processes that belong to a running one: its descendants, and, where it was launched,
 * those in the session that it leads. Only the kernel is asked, so that nothing is found once the
 * process has ended.
 */
record ProcessTree(ProcessTable table, HostProcess head) {
  /**
   * Returns its descendants, and those in the session that it leads, without the head; empty once
   * the head has ended. The number of a parent is believed only where that very parent still runs
   * after all have been read.
   *
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> members() throws IOException {
    return below(head.leadsSession());
  }

  /**
   * Returns its descendants alone; empty once the head has ended.
   *
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> descendants() throws IOException {
    return below(false);
  }

  private List<HostProcess> below(boolean withSession) throws IOException {
    Map<HostProcess, Long> parents = new HashMap<>();
    for (long pid : table.pids()) {
      if (pid == ProcessHandle.current().pid()) {
        continue; // A process that is asked to stop its own launch still has to do so.
      }
      table.row(pid).ifPresent(row -> parents.put(row.process(), row.parent()));
    }
    List<HostProcess> members = new ArrayList<>(List.of(head));
    for (int next = 0; next < members.size(); next++) {
      HostProcess parent = members.get(next);
      if (table.runs(parent)) {
        parents.forEach(
            (process, of) -> {
              boolean inSession = parent.equals(head) && process.session() == head.pid();
              if ((of == parent.pid() || (inSession && withSession))
                  && members.stream().noneMatch(process::same)) {
                members.add(process);
              }
            });
      }
    }
    return members.subList(1, members.size());
  }
}
