/**
 * HAProxy as the router of a group. Start with {@link io.bluegreen.haproxy.HaproxyRouter}. {@link
 * io.bluegreen.haproxy.RuntimeApi} is a client of HAProxy's runtime API that can be used alone.
 */
@NullMarked
package io.bluegreen.haproxy;

import org.jspecify.annotations.NullMarked;
