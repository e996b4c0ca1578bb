/**
 * The promises of the seams as tests: implement {@link
 * io.bluegreen.testing.contract.RouterContract}, {@link
 * io.bluegreen.testing.contract.StateStoreContract}, {@link
 * io.bluegreen.testing.contract.LauncherContract} or {@link
 * io.bluegreen.testing.contract.HealthCheckContract} in a test class, and JUnit runs their clauses;
 * {@link io.bluegreen.testing.contract.PassingContract} has what must pass a router's front door.
 * Only this package needs JUnit Jupiter 5 or 6 and AssertJ.
 */
@NullMarked
package io.bluegreen.testing.contract;

import org.jspecify.annotations.NullMarked;
