package io.bluegreen.engine;

import io.bluegreen.Release;
import org.jspecify.annotations.Nullable;

/**
 * The handover of one background service; both tokens are chosen before anything happens.
 *
 * @param token the token of the candidate's launch
 * @param live what runs until the handover, if something does
 * @param returnToken the token of the launch that starts {@code live} again
 */
record Handover(Release release, String token, @Nullable SlotOccupant live, String returnToken) {}
