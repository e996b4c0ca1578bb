package io.bluegreen.examples.kill;

import io.bluegreen.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The parts of a host's status that the kill matrix checks. Immutable. */
record FoundStatus(Json status, List<Json> history) {
  static FoundStatus of(HostJvm.Answer answer) {
    if (!answer.kind().equals("status")) {
      throw new IllegalStateException("no status: " + answer);
    }
    Json history = answer.values().get("history");
    return new FoundStatus(
        Json.read(answer.text("status").getBytes(StandardCharsets.UTF_8)), history.elements());
  }

  /** Returns green's share of what is served, or will be by a router that does not serve yet. */
  int green() {
    return status
        .at("/running/web")
        .or(() -> status.at("/willServe/web"))
        .flatMap(Json::integer)
        .orElseThrow()
        .intValue();
  }

  /** Returns what is so and should not be in a group that is at rest. */
  List<String> unrest() {
    return Map.of("/drift", "drift", "/runningNow", "held by", "/open", "open").entrySet().stream()
        .flatMap(
            entry ->
                status
                    .at(entry.getKey())
                    .map(Json::toString)
                    .filter(text -> !text.equals("[]"))
                    .map(text -> entry.getValue() + " " + text)
                    .stream())
        .toList();
  }

  /** Returns colour and version of what of a service is live, or empty if nothing ever was. */
  Optional<String> live(String service) {
    return slots(service, slot -> slot.at("/live").flatMap(Json::text).equals(Optional.of("true")))
        .stream()
        .findFirst();
  }

  /** Returns colour and version of what of a service is not live and runs, if something does. */
  Optional<String> idle(String service) {
    return slots(
            service,
            slot -> slot.at("/live").flatMap(Json::text).equals(Optional.of("false")) && runs(slot))
        .stream()
        .findFirst();
  }

  /** Returns colours and versions of what of a service runs. */
  List<String> running(String service) {
    return slots(service, FoundStatus::runs);
  }

  /** Returns how a deployment ended, if it did. */
  Optional<String> outcome(String id) {
    return history.stream()
        .filter(past -> past.at("/id").flatMap(Json::text).equals(Optional.of(id)))
        .flatMap(past -> past.at("/outcome").flatMap(Json::text).stream())
        .findFirst();
  }

  private static boolean runs(Json slot) {
    return slot.at("/launch/kind").flatMap(Json::text).orElse("").equals("RUNNING");
  }

  private List<String> slots(String service, Predicate<Json> which) {
    return status.at("/slots").map(Json::elements).orElse(List.of()).stream()
        .filter(slot -> slot.at("/service").flatMap(Json::text).equals(Optional.of(service)))
        .filter(which)
        .map(
            slot ->
                slot.at("/color").flatMap(Json::text).orElse("?")
                    + " "
                    + slot.at("/version").flatMap(Json::text).orElse("?"))
        .sorted()
        .toList();
  }
}
