package io.bluegreen.embedded;

/**
 * What must be known of a request to read its answer.
 *
 * @param head whether its method is HEAD
 * @param upgrade whether it asks for a WebSocket
 * @param waits whether its client waits for 100 before it sends the body
 */
record RequestTraits(boolean head, boolean upgrade, boolean waits) {}
