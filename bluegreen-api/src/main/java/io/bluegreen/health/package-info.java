/**
 * Checks that a host gives to its manager; start with {@link io.bluegreen.health.HttpHealthCheck}.
 * Each is one probe: how often, how many in a row and for how long is the deployment's policy.
 */
@NullMarked
package io.bluegreen.health;

import org.jspecify.annotations.NullMarked;
