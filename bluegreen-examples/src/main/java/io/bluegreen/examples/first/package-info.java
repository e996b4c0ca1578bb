/** The first program of a reader: {@link io.bluegreen.examples.first.ShopDeployer}. */
@NullMarked
package io.bluegreen.examples.first;

import org.jspecify.annotations.NullMarked;
