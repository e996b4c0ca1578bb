package io.bluegreen.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The process and the machine that this runs on, for people. */
record ThisHost(long pid, String name) {
  ThisHost() {
    this(ProcessHandle.current().pid(), hostName());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // A machine whose own name does not resolve.
    }
  }
}
