package io.bluegreen.haproxy;

import java.util.Locale;

/** The state in which a person or a program has put a server. */
public enum AdminState {
  /** The server takes requests as its health and weight allow. */
  READY,
  /**
   * The server takes no new requests, apart from those that a cookie binds to it. It is still
   * checked.
   */
  DRAIN,
  /** The server takes no requests and is not checked. */
  MAINT;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
