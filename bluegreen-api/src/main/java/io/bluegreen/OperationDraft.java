package io.bluegreen;

import io.bluegreen.Operation.Kind;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What an operation is made of, while it is made or a changed copy of it is. */
final class OperationDraft {
  final Kind kind;
  Optional<Release> release = Optional.empty();
  Optional<Color> target = Optional.empty();
  final Set<String> services = new HashSet<>();
  Optional<DeploymentPolicy> policy = Optional.empty();
  String by = "";
  String why = "";
  Optional<String> force = Optional.empty();
  boolean redeploy;
  Optional<String> version = Optional.empty();
  boolean gradual;

  OperationDraft(Kind kind) {
    this.kind = kind;
  }

  OperationDraft(Operation from) {
    kind = from.kind();
    release = from.release();
    target = from.target();
    services.addAll(from.services());
    policy = from.policy();
    by = from.by();
    why = from.why();
    force = from.force();
    redeploy = from.isRedeploy();
    version = from.version();
    gradual = from.isGradual();
  }
}
