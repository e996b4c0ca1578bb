package io.bluegreen.launch;

/**
 * A process of this machine. Its number is given to another one after its end, but never together
 * with its start.
 *
 * @param pid its number
 * @param start when it started, in ticks since the machine started (field 22 of proc_pid_stat(5))
 * @param session the number of the process that leads its session
 */
record HostProcess(long pid, long start, long session) {
  boolean same(HostProcess other) {
    return pid == other.pid && start == other.start;
  }

  boolean leadsSession() {
    return session == pid;
  }

  @Override
  public String toString() {
    return "pid " + pid;
  }
}
