/**
 * A reverse proxy inside the JVM; start with {@link io.bluegreen.embedded.EmbeddedRouter}. Needs
 * Undertow ({@code io.undertow:undertow-core}), which is an optional dependency.
 *
 * <p><b>What is passed on.</b> Method, target, Host and both bodies, byte for byte and of any size;
 * WebSockets and {@code Expect: 100-continue}. A {@code ?} with nothing behind it is lost, and a
 * target with scheme and host loses both. Headers that are meant for one connection are dropped.
 * {@code X-Forwarded-For}, {@code -Proto}, {@code -Host}, {@code -Port} and {@code Forwarded} say
 * what this router saw and where it listens, as {@link io.bluegreen.support.ForwardedHeaders} says.
 * Whatever a client said in any {@code X-Forwarded-} header, {@code Forwarded}, {@code X-Real-IP}
 * and their like is dropped, unless the client is a trusted proxy. Cookies go on in one header.
 * There is no TLS on either side, and no HTTP/2. Of the informational answers only 100 is passed
 * on, to a client that waits for it.
 *
 * <p><b>What is refused.</b> A request that two programs could read differently is answered 400.
 * Such are: a control character in its head, or a line there that does not end with CR LF; a header
 * that goes on in the next line or has a space before its colon; a missing, repeated or malformed
 * Host; a target of another host or with a malformed {@code %}; more than one length, or a length
 * with chunks; and CONNECT. One protocol can be switched to: a WebSocket, asked for once and
 * without a body; any other {@code Upgrade} is not passed on. Of the fields behind the last chunk
 * none passes that routes a message, says where it ends, or proves who sent it. An answer of which
 * two programs could see the end in different places is replaced by 502. The router checks all of
 * this itself, so that it does not depend on Undertow's version.
 *
 * <p><b>No answer reaches another user.</b> A connection to an application serves one connection of
 * a client, all its life. Where it is in doubt that an exchange is over, both connections end:
 * after bytes behind an answer, a second answer, a refused upgrade, or an answer before the end of
 * its request.
 *
 * <p><b>Limits.</b> The head of a request or an answer has at most 64 KiB and 2,000 lines, 100 of
 * one name (else 431 or 502), a query at most 10,000 parameters (else 400), and an answer at most
 * 16 informational ones before it. A client has 30 s for a head (else 408). Within a body it may be
 * silent for 30 s at a time, and for 60 s in all, to which each 512 bytes add one second. Only the
 * time in which the router waits for the client counts. Where a client waits for 100 and the
 * application says nothing for 30 s, the router says it. An idle connection is closed after 75 s.
 * There is no limit to the time or size of an answer, nor to the number of connections: each
 * client's connection takes one file descriptor, and one more for each instance that it was handed
 * to within the last 4 s, so that the process needs an {@code ulimit -n} of at least twice the
 * clients. 1,000 connections may wait to be accepted. {@code 0.0.0.0} listens on IPv4 only, {@code
 * [::]} on both.
 *
 * <p><b>When an instance fails.</b> One that refuses connections is passed over for the next of the
 * same slot; if none accepts (within 5 s each) the answer is 503 at once. The other colour is never
 * tried. Where an answer breaks off, the client's connection is broken, too, so that the client
 * does not take the answer for a whole one.
 *
 * <p><b>What may arrive twice.</b> Applications close idle connections, perhaps in the moment in
 * which a request is sent on one. A GET, HEAD or OPTIONS without a body is then sent once more, to
 * the same slot on a new connection, if it was sent on a connection that was used before and was
 * closed without an answer. Nothing else is ever repeated; for that reason everything else goes on
 * a connection that has been idle for at most 50 ms. What remains: an application that closes
 * connections without {@code Connection: close} less than 50 ms after an answer can lose such a
 * request, which is answered 503.
 */
@NullMarked
package io.bluegreen.embedded;

import org.jspecify.annotations.NullMarked;
