package io.bluegreen.engine;

import io.bluegreen.Release;
import org.jspecify.annotations.Nullable;

/**
 * One background service that is handed over; both tokens are known before anything happens.
 *
 * @param live what runs until now, if something does
 * @param returnToken for starting that again
 */
record Handover(Release release, String token, @Nullable SlotOccupant live, String returnToken) {}
