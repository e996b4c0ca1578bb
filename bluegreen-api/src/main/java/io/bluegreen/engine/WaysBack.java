package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Release;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a rollback could go back to at one moment, by service, as the state document has it. */
record WaysBack(
    Map<String, Color> former,
    Map<String, Release> formerBackground,
    Map<String, Promotion> promotions,
    @Nullable String lastPromotion) {
  WaysBack {
    former = new TreeMap<>(former);
    formerBackground = new TreeMap<>(formerBackground);
    promotions = new TreeMap<>(promotions);
  }
}
