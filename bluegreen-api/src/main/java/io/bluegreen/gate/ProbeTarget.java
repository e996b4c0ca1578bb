package io.bluegreen.gate;

import io.bluegreen.Slot;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where probes are sent.
 *
 * @param services which of them; empty for all
 * @param frontDoor where users reach the service, in place of every instance of the candidate
 * @param fixed one address in place of both, whatever is deployed
 */
record ProbeTarget(Set<String> services, boolean frontDoor, Optional<URI> fixed) {
  static final ProbeTarget CANDIDATE = new ProbeTarget(Set.of(), false, Optional.empty());

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
