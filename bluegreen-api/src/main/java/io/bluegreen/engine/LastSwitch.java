package io.bluegreen.engine;

import io.bluegreen.TrafficSplit;
import java.time.Instant;

/** The last switch that was proven. */
record LastSwitch(Instant at, TrafficSplit from, TrafficSplit to, String deploymentId) {}
