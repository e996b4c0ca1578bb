/**
 * A reverse proxy inside the JVM; start with {@link io.bluegreen.embedded.EmbeddedRouter}. Needs
 * Undertow ({@code io.undertow:undertow-core}), which is an optional dependency.
 */
@NullMarked
package io.bluegreen.embedded;

import org.jspecify.annotations.NullMarked;
