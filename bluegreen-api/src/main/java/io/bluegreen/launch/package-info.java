/**
 * Launchers: start with {@link io.bluegreen.launch.ProcessLauncher}, which runs a service as
 * processes of this machine; {@link io.bluegreen.launch.CommandLauncher} leaves that to other
 * programs.
 */
@NullMarked
package io.bluegreen.launch;

import org.jspecify.annotations.NullMarked;
