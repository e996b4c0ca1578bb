package io.bluegreen.health;

import io.bluegreen.support.HttpCall;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is sent. The path, its query and the values of headers may have {@code {version}} in them.
 * Immutable.
 *
 * @param path as it was given
 * @param headers the values of headers as they were given, by name
 * @param call the whole call, for the version "1"
 */
record VersionedCall(VersionTemplate path, Map<String, VersionTemplate> headers, HttpCall call) {
  static VersionedCall get(String path) {
    VersionTemplate template = VersionTemplate.of("path", path);
    return new VersionedCall(
        template, Map.of(), HttpCall.get(filled(template, VersionTemplate.SAMPLE)));
  }

  VersionedCall method(String method) {
    return new VersionedCall(path, headers, call.method(method));
  }

  VersionedCall host(String name) {
    return new VersionedCall(path, headers, call.host(name));
  }

  VersionedCall header(String name, String value) {
    VersionTemplate template = VersionTemplate.of("value", value);
    Map<String, VersionTemplate> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, template);
    return new VersionedCall(path, more, call.header(name, template.fill(VersionTemplate.SAMPLE)));
  }

  /** Returns what is sent for a version; empty if it is needed and not known. */
  Optional<HttpCall> of(Optional<String> version) {
    boolean needed =
        Stream.concat(Stream.of(path), headers.values().stream())
            .anyMatch(VersionTemplate::needsVersion);
    return needed ? version.map(this::filled) : Optional.of(call);
  }

  private HttpCall filled(String version) {
    Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, value) -> values.put(name, value.fill(version)));
    return new HttpCall(call.method(), filled(path, version), call.host(), values, call.body());
  }

  /** Of the characters that a version may have, only a plus means something else in a query. */
  private static String filled(VersionTemplate path, String version) {
    // A path has no brace, but what stands for one.
    return path.fill(version.replace("+", "%2B")).replace("{", "%7B").replace("}", "%7D");
  }

  /** Returns the method and the path as it was given, without its query. */
  @Override
  public String toString() {
    return call.method() + " " + HttpCall.withoutQuery(path.toString());
  }
}
