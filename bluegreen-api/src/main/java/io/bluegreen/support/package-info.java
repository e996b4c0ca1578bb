/**
 * Tools for authors of adapters; start with {@link io.bluegreen.support.DurableFile}. Nothing here
 * knows what a deployment is.
 */
@NullMarked
package io.bluegreen.support;

import org.jspecify.annotations.NullMarked;
