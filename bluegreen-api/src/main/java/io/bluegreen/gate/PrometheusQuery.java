package io.bluegreen.gate;

import java.net.URI;

/**
 * A query without a limit to compare with. Immutable.
 *
 * @see PrometheusGate#query
 */
public final class PrometheusQuery {
  private final URI server;
  private final PromqlTemplate promql;

  PrometheusQuery(URI server, PromqlTemplate promql) {
    this.server = server;
    this.promql = promql;
  }

  /**
   * Returns a gate for which a figure holds that is the limit or less.
   *
   * @throws IllegalArgumentException if the limit is not finite
   */
  public PrometheusGate atMost(double limit) {
    return gate(Threshold.atMost(limit));
  }

  /**
   * Returns a gate for which a figure holds that is the limit or more.
   *
   * @throws IllegalArgumentException if the limit is not finite
   */
  public PrometheusGate atLeast(double limit) {
    return gate(Threshold.atLeast(limit));
  }

  /**
   * Returns a gate for which a figure holds that is less than the limit.
   *
   * @throws IllegalArgumentException if the limit is not finite
   */
  public PrometheusGate below(double limit) {
    return gate(Threshold.below(limit));
  }

  /**
   * Returns a gate for which a figure holds that is more than the limit.
   *
   * @throws IllegalArgumentException if the limit is not finite
   */
  public PrometheusGate above(double limit) {
    return gate(Threshold.above(limit));
  }

  /** Returns the query. */
  @Override
  public String toString() {
    return promql.toString();
  }

  private PrometheusGate gate(Threshold threshold) {
    return new PrometheusGate(
        promql,
        threshold,
        PrometheusApi.at(server),
        Secrets.NONE,
        PrometheusGate.DEFAULT_LIMIT,
        null);
  }
}
