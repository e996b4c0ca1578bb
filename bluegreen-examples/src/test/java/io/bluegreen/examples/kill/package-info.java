/**
 * Hosts in JVMs of their own that are killed with signal 9 while they deploy, and what the next one
 * finds; start with {@link io.bluegreen.examples.kill.KillMatrixTest}, and read {@link
 * io.bluegreen.examples.kill.KilledStory} for what has to be served then.
 */
package io.bluegreen.examples.kill;
