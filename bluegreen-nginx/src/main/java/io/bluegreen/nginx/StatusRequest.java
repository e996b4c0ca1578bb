package io.bluegreen.nginx;

/**
 * What nginx is asked at its private door.
 *
 * @param path of the page
 * @param host by which the server that answers is chosen
 */
record StatusRequest(String path, String host) {
  /** The door's own server is the default one there. */
  static final String DOOR = "localhost";

  /** Asks what the door's own server tells of the current generation. */
  static final StatusRequest STATUS = new StatusRequest(LiveConfig.STATUS, DOOR);
}
