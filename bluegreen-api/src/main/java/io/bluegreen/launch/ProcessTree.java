package io.bluegreen.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What belongs to a running process: what descends from it, and what is in the session that it
 * leads. Known by the kernel's word alone, while the process runs.
 */
record ProcessTree(ProcessTable table, HostProcess head) {
  /**
   * Returns them without the head; empty once the head has ended. A number that was read as a
   * parent's is believed only where that very parent still runs when all have been read.
   *
   * @throws IOException if processes can't be listed
   */
  List<HostProcess> members() throws IOException {
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
              if ((of == parent.pid() || (inSession && head.leadsSession()))
                  && members.stream().noneMatch(process::same)) {
                members.add(process);
              }
            });
      }
    }
    return members.subList(1, members.size());
  }
}
