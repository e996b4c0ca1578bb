package io.bluegreen.embedded;

/**
 * What of a request decides how its answer is read.
 *
 * @param head whether its method is HEAD
 * @param upgrade whether it asks for a WebSocket
 * @param waits whether its client waits for 100 before it sends the body
 */
record RequestTraits(boolean head, boolean upgrade, boolean waits) {}
