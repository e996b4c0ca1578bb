/**
 * The router for nginx; start with {@link io.bluegreen.nginx.NginxRouter}.
 *
 * <p><b>Live mode</b> ({@link io.bluegreen.nginx.NginxRouter#live}, the recommended one) never
 * reloads nginx. For each request nginx asks the file system which colour a client goes to
 * (directive {@code if (-f ...)} of ngx_http_rewrite_module), and a switch renames one link.
 * Nothing that nginx is doing is disturbed: keep-alive connections, WebSockets and downloads go on.
 * A client keeps its colour by a cookie, a share moves in steps of one percent, and all services of
 * the group move at one instant.
 *
 * <p><b>Reload mode</b> ({@link io.bluegreen.nginx.NginxRouter#reload}) replaces one generated file
 * at each switch and reloads nginx. The switch returns when it is proven that no former worker
 * accepts any more ({@link io.bluegreen.nginx.ReloadProof}); see "Controlling nginx" in nginx's
 * manual. A reload closes idle connections, which can lose a request of a client that keeps its
 * connection: {@code open} says so. A WebSocket or a download keeps its former worker alive until
 * it ends (or until {@code worker_shutdown_timeout}, 1 h as rendered, is over): that is in flight,
 * and no later switch has to wait for it. Each such worker takes some 4 MB of memory.
 *
 * <p>In reload mode {@link io.bluegreen.RouterGuarantee#NO_STALE} is never promised. A client, such
 * as a browser, may open a connection ahead of time, before a reload, and ask its first request on
 * it after the reload. That request is answered by the former colour, for up to {@code
 * client_header_timeout} (60 s unless set). Such a connection counts as in flight, so that no slot
 * is stopped under it before a drain's deadline. With {@code keepaliveMinTimeout} a switch waits
 * until every former worker has ended, or until that time has passed since they were told to. This
 * does not prove that none takes a request any more: where an answer was under way at the reload,
 * its connection is kept for that time from the end of the answer on.
 *
 * <p>Beside the generated file lie three more, whose names start with a dot: a lock, the number of
 * the last generation, and the file from before the last switch ({@code .NAME.prev}), for a person.
 * Only this user can open the lock (and the directory's group where that may write the directory).
 * While another process holds it, a switch waits for it for half of its limit.
 *
 * <p><b>Failing instances.</b> nginx has no opinion of its own on the health of an instance: the
 * rendered upstreams are never marked ({@code max_fails=0}). Where an instance refuses a
 * connection, does not take it within 2 s, or ends it before the first byte of an answer, nginx
 * asks the next one of the same colour: three in all at most, no later than 10 s after the first. A
 * request that must not be made twice (POST, PATCH, LOCK) goes to another instance only where
 * nothing of it was sent ({@code proxy_next_upstream} of ngx_http_proxy_module).
 *
 * <p><b>What is in flight</b> nginx counts itself ({@code limit_conn}, with {@code
 * limit_conn_dry_run}, so that nobody is refused; nginx 1.17.6 or later), also in workers that only
 * finish what they have. {@code open} proves that it counts each request, or says which condition
 * does not hold and how to mend it; then the answer is UNKNOWN and a drain waits its whole time.
 *
 * <p><b>The access log</b> gets a line of some 86 bytes for each request: 7.4 GB a day at 1,000
 * requests a second. Let logrotate rotate it, or anything else that renames it and then has nginx
 * open it again ({@code nginx -s reopen}). The meter follows a log that is renamed within its
 * directory, or truncated, if it is read at least once between two such times; it keeps no file
 * open from one reading to the next.
 *
 * <p><b>In a container</b> ({@link io.bluegreen.nginx.NginxRouter#inContainer}) nginx sees other
 * paths and addresses, which an {@link io.bluegreen.ContainerView} names, and commands are sent
 * into it:
 *
 * <pre>{@code
 * NginxRouter.reload(Path.of("/srv/shop/nginx/shop.conf"))
 *     .inContainer(ContainerView.ofFolder(Path.of("/srv/shop/nginx"), Path.of("/bluegreen")))
 *     .nginxCommand(List.of("docker", "exec", "proxy",
 *         "nginx", "-p", "/bluegreen/", "-c", "/bluegreen/nginx.conf"))
 * }</pre>
 *
 * The private door is then a unix socket in the folder that both see, as it is by default, unless
 * the container has this machine's network. The ids of nginx's processes mean nothing here: a
 * reload is proven by {@code SENTINELS}, and DRAIN_KNOWN is not promised unless a counter is named.
 * An nginx that does not see the folder, as where a single file of it is mounted, is refused by
 * {@code open}.
 */
@NullMarked
package io.bluegreen.nginx;

import org.jspecify.annotations.NullMarked;
