package io.bluegreen.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bluegreen.Color;
import io.bluegreen.Outcome;
import java.util.List;

/** Turns a document of an earlier format into one of this format. */
final class StateUpgrade {
  private StateUpgrade() {}

  /** Adds the fields that only a later format has, where a missing field has no meaning. */
  static void beforeReading(int format, JsonNode state) {
    if (format == 1) {
      upgradeFrom1(state);
    }
    upgradeFrom4(state);
  }

  /** Works out what only a later format tells, from what the earlier one told. */
  static void afterReading(int format, StateDocument state) {
    if (format < 4) {
      upgradeFrom3(state);
    }
  }

  /**
   * Format 4 had one outcome for a rollback that was done and for a deployment that failed and went
   * back; it kept no warnings, and had no limit for the whole deployment.
   */
  private static void upgradeFrom4(JsonNode state) {
    if (state.path("open").path("policy").path("limits") instanceof ObjectNode limits) {
      limits.put("whole", "PT0S");
    }
    for (JsonNode past : state.path("history")) {
      if (past instanceof ObjectNode fields) {
        fields.putArray("warnings");
      }
      if (past instanceof ObjectNode fields
          && fields.path("operation").asText().startsWith("rollback")
          && fields.path("outcome").asText().equals("ROLLED_BACK")) {
        fields.put("outcome", Outcome.WENT_BACK.name());
      }
    }
  }

  /**
   * Format 3 knew what a rollback goes back to, but not what it goes back from, nor whether traffic
   * had moved.
   */
  private static void upgradeFrom3(StateDocument state) {
    promotionsOfFormer(state);
    OpenDeployment open = state.open;
    if (open != null) {
      open.moved |= open.entries.stream().anyMatch(e -> e.kind().moves());
      open.underWay |= open.endedIn(StepKind.MOVE);
    }
  }

  /** Format 1 had watches that the first failed verdict ended, and could not wait for a lease. */
  private static void upgradeFrom1(JsonNode state) {
    JsonNode policy = state.path("open").path("policy");
    for (String watch : List.of("hold", "bake")) {
      if (policy.path(watch) instanceof ObjectNode fields) {
        fields.put("failuresInARow", 1).put("longest", "PT0S");
      }
    }
    if (policy.path("limits") instanceof ObjectNode limits) {
      limits.put("lease", "PT0S");
    }
    if (policy instanceof ObjectNode fields) {
      fields.putArray("pointsOfNoReturn");
    }
  }

  /** Makes promotions from what can be gone back to, if only that is on record. */
  private static void promotionsOfFormer(StateDocument state) {
    LastSwitch last = state.lastSwitch;
    if (last == null || state.lastPromotion != null) {
      return;
    }
    state.former.forEach((service, color) -> promotionOf(state, last, service, color.other()));
    state
        .formerBackground
        .keySet()
        .forEach(
            service ->
                promotionOf(
                    state, last, service, state.background.getOrDefault(service, Color.BLUE)));
  }

  private static void promotionOf(StateDocument state, LastSwitch last, String service, Color to) {
    SlotOccupant was = state.slots.get(service + "/" + to.other());
    SlotOccupant is = state.slots.get(service + "/" + to);
    state.promotions.put(
        service,
        new Promotion(
            last.deploymentId(),
            last.at(),
            false,
            was == null ? state.formerBackground.get(service) : was.release(),
            to,
            is == null ? null : is.release(),
            null,
            null));
    state.lastPromotion = last.deploymentId();
  }
}
