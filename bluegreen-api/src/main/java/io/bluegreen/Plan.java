package io.bluegreen;

import io.bluegreen.StateDocument.Occupant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an operation would do as things are now.
 *
 * @param candidates the colour that is to be live, or that is started or stopped, by service
 * @param unassigned all services of the group for which nothing was ever assigned
 * @param handedOver what runs in each background service that is handed over
 * @param reason why there is nothing to do; empty if there are steps
 */
record Plan(
    TrafficSplit from,
    TrafficSplit to,
    Map<String, Color> candidates,
    Set<String> unassigned,
    Map<String, Occupant> handedOver,
    List<Step> steps,
    String reason) {}
