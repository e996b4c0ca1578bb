/**
 * The book of the library: start with {@link io.bluegreen.BlueGreenManager}, then read the seams
 * ({@link io.bluegreen.Router}, {@link io.bluegreen.HealthCheck}, {@link io.bluegreen.Launcher},
 * {@link io.bluegreen.StateStore}).
 */
@NullMarked
package io.bluegreen;

import org.jspecify.annotations.NullMarked;
