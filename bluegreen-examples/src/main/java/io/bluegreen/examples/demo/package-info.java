/**
 * The program that {@code ./demo} runs; start with {@link io.bluegreen.examples.demo.Demo}, and
 * read {@link io.bluegreen.examples.demo.DemoStory} for what it tells.
 */
@NullMarked
package io.bluegreen.examples.demo;

import org.jspecify.annotations.NullMarked;
