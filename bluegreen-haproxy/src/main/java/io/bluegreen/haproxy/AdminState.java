package io.bluegreen.haproxy;

import java.util.Locale;

/** What a person or a program wants of a server. */
public enum AdminState {
  /** Takes requests as its health and weight allow. */
  READY,
  /** Takes no new requests, apart from those that a cookie binds; is still checked. */
  DRAIN,
  /** Takes none, and is not checked. */
  MAINT;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
