/**
 * Gates that a host gives to its manager; start with {@link io.bluegreen.gate.PrometheusGate}. Each
 * is one look: how often, how long and what a failure does is the deployment's policy.
 */
@NullMarked
package io.bluegreen.gate;

import org.jspecify.annotations.NullMarked;
