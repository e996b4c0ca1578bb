package io.bluegreen.nginx;

import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The generation that a worker runs in reload mode, as it answers.
 *
 * @param pid of the worker, as nginx sees it
 * @param config digest of its configuration
 * @param status of its generation
 * @param version of nginx
 */
record RunningGeneration(long pid, String config, GenerationStatus status, NginxVersion version) {
  /**
   * Reads an answer.
   *
   * @throws IOException if it is not one of ours
   */
  static RunningGeneration of(StatusAnswer answer) throws IOException {
    if (!answer.ok()) {
      throw new IOException("the status page answers HTTP " + answer.status());
    }
    try {
      Json json = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
      return new RunningGeneration(
          json.at("/pid").flatMap(Json::integer).orElse(0L),
          json.at("/config").flatMap(Json::text).orElse(""),
          GenerationStatus.read(
              json.at("/status").orElseThrow(() -> new IllegalArgumentException("status"))),
          NginxVersion.of(answer.header("server")));
    } catch (IllegalArgumentException e) {
      throw new IOException("the status page is not of this library: " + e.getMessage(), e);
    }
  }
}
