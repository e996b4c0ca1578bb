package io.bluegreen.launch;

import java.util.Optional;

/**
 * One process as {@code /proc/PID/stat} shows it: proc_pid_stat(5).
 *
 * @param parent the number of its parent
 */
record ProcessRow(HostProcess process, long parent) {
  // Where the fields stand behind the name, counted from 0; the manual counts from the number.
  private static final int STATE = 0;
  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int THREADS = 17;
  private static final int START = 19;

  /** Returns a process, unless it has ended, as it has with the last of its threads. */
  static Optional<ProcessRow> parse(long pid, String stat) {
    // The name, in parentheses, may have parentheses and blanks itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    // One whose first thread alone has ended goes on in the others, which hold its files and ports.
    boolean goesOn = fields[STATE].equals("Z") && Long.parseLong(fields[THREADS]) > 1;
    return "ZXx".contains(fields[STATE]) && !goesOn
        ? Optional.empty()
        : Optional.of(
            new ProcessRow(
                new HostProcess(
                    pid, Long.parseLong(fields[START]), Long.parseLong(fields[SESSION])),
                Long.parseLong(fields[PARENT])));
  }
}
