/** Where a group's state is kept: start with {@link io.bluegreen.store.FileStateStore}. */
@NullMarked
package io.bluegreen.store;

import org.jspecify.annotations.NullMarked;
