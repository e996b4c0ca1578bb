/**
 * Comparisons that are printed; start with {@link io.bluegreen.examples.benchmark.NginxBenchmark}.
 */
@NullMarked
package io.bluegreen.examples.benchmark;

import org.jspecify.annotations.NullMarked;
