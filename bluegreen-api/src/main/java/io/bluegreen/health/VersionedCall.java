package io.bluegreen.health;

import io.bluegreen.support.HttpCall;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is sent. The path, its query and the values of headers may have {@code {version}} in them.
 *
 * @param path as it was given
 * @param call with the version "1" in its path, and headers as they were given
 */
record VersionedCall(String path, HttpCall call) {
  static VersionedCall get(String path) {
    return new VersionedCall(path, HttpCall.get(filled(path, VersionedExpectation.SAMPLE)));
  }

  VersionedCall with(HttpCall changed) {
    return new VersionedCall(path, changed);
  }

  /** Returns what is sent for a version; empty if it is needed and not known. */
  Optional<HttpCall> of(Optional<String> version) {
    if (!path.contains(VersionedExpectation.VERSION)
        && call.headers().values().stream()
            .noneMatch(value -> value.contains(VersionedExpectation.VERSION))) {
      return Optional.of(call);
    }
    return version.map(this::filled);
  }

  private HttpCall filled(String version) {
    TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    call.headers()
        .forEach(
            (name, value) ->
                headers.put(name, value.replace(VersionedExpectation.VERSION, version)));
    return new HttpCall(call.method(), filled(path, version), call.host(), headers, call.body());
  }

  /** Of what a version may have, only a plus means something else in a query. */
  private static String filled(String path, String version) {
    return path.replace(VersionedExpectation.VERSION, version.replace("+", "%2B"));
  }

  /** Returns the method and the path as it was given, without its query. */
  @Override
  public String toString() {
    return call.method() + " " + HttpCall.withoutQuery(path);
  }
}
