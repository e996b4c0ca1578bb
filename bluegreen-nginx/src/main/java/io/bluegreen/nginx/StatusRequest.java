package io.bluegreen.nginx;

/**
 * A request for one page at nginx's private door.
 *
 * @param path of the page
 * @param host chooses the server that answers
 */
record StatusRequest(String path, String host) {
  /** The host of the door's own server, which is the default server there. */
  static final String DOOR = "localhost";

  /** Asks the door's own server for the current generation. */
  static final StatusRequest STATUS = new StatusRequest(LiveConfig.STATUS, DOOR);
}
