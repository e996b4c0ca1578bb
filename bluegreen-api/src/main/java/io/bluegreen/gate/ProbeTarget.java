package io.bluegreen.gate;

import io.bluegreen.Slot;
import io.bluegreen.support.LiteralAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where probes are sent.
 *
 * @param services the names of those that are probed; empty for all
 * @param frontDoor where users reach the service, in place of every instance of the candidate
 * @param fixed one address in place of both, whatever is deployed
 */
record ProbeTarget(Set<String> services, boolean frontDoor, Optional<URI> fixed) {
  static final ProbeTarget CANDIDATE = new ProbeTarget(Set.of(), false, Optional.empty());

  /**
   * Returns one address, whatever is deployed.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static ProbeTarget at(URI address) {
    if (address.getHost() == null
        || !List.of("http", "https").contains(String.valueOf(address.getScheme()))
        || address.getRawUserInfo() != null) {
      // It is not shown: one with a user may have a password.
      throw new IllegalArgumentException(
          "address: expected http://host:port/path or https://host:port/path, without a user"
              + LiteralAddress.fault(address));
    }
    return new ProbeTarget(Set.of(), false, Optional.of(address));
  }

  ProbeTarget throughFrontDoor() {
    return new ProbeTarget(services, true, Optional.empty());
  }

  ProbeTarget only(Set<String> some) {
    return new ProbeTarget(some, frontDoor, fixed);
  }

  /** Returns the addresses, by the name of what they show something about. */
  Map<String, List<URI>> of(List<Slot> candidates) {
    Map<String, List<URI>> targets = new LinkedHashMap<>();
    fixed.ifPresentOrElse(
        address -> targets.put(address.getAuthority(), List.of(address)),
        () ->
            candidates.stream()
                .filter(slot -> services.isEmpty() || services.contains(slot.service().name()))
                .forEach(slot -> targets.put(slot.toString(), addresses(slot))));
    return targets;
  }

  private List<URI> addresses(Slot slot) {
    return frontDoor
        ? slot.service().frontDoor().stream().toList()
        : slot.instances().stream().flatMap(instance -> instance.endpoint().stream()).toList();
  }
}
