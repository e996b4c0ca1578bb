package io.bluegreen.engine;

import io.bluegreen.Phase;
import io.bluegreen.TrafficSplit;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan, with what it takes to make it again in another process.
 *
 * @param subject the slot, the hook or the service that it is about; empty where there is none
 * @param split the split that a move makes, or that the traffic is held at
 */
record RecordedStep(StepKind kind, Phase phase, String subject, @Nullable TrafficSplit split) {}
