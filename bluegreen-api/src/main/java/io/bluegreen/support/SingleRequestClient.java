package io.bluegreen.support;

import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes the client of the HTTP library with all switched off that it does of its own accord: it
 * sends one request on one connection, and repeats, follows, keeps and adds nothing.
 */
final class SingleRequestClient {
  /** At most as many threads carry the I/O of all calls. */
  static final int MOST_THREADS = 4;

  private static final TimeValue SELECT_INTERVAL = TimeValue.ofMilliseconds(200);
  private static final int BUFFER = 4 * 1024;

  private SingleRequestClient() {}

  static CloseableHttpAsyncClient create(int inFlight, @Nullable SSLContext trust) {
    AsyncClientConnectionManager connections =
        PoolingAsyncClientConnectionManagerBuilder.create()
            .setTlsStrategy(
                trust == null
                    ? DefaultClientTlsStrategy.createDefault()
                    : new DefaultClientTlsStrategy(trust))
            .setDefaultTlsConfig(
                TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(BoundedHttp.LONGEST_CONNECT))
                    .build())
            // ConcurrencyLimit is what bounds; a call that it has let in never waits for a route.
            .setMaxConnTotal(inFlight)
            .setMaxConnPerRoute(inFlight)
            .build();
    return HttpAsyncClients.custom()
        .setConnectionManager(new TrackedConnections(connections))
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setIoSessionDecorator(LimitedSession::new)
        .setIOReactorConfig(
            IOReactorConfig.custom()
                .setIoThreadCount(
                    Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()))
                .setSoTimeout(TrackedConnections.UNCLAIMED)
                // The selector lets go of a cancelled connect at its next turn.
                .setSelectInterval(SELECT_INTERVAL)
                .build())
        .setHttp1Config(
            Http1Config.custom()
                .setBufferSize(BUFFER)
                .setMaxHeaderCount(BoundedHttp.MOST_HEADERS)
                .setMaxLineLength(BoundedHttp.LONGEST_LINE)
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build())
        .setThreadFactory(new DefaultThreadFactory("bluegreen-http", true))
        .setUserAgent("bluegreen")
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableConnectionState()
        .disableCookieManagement()
        .disableRedirectHandling()
        .build();
  }
}
