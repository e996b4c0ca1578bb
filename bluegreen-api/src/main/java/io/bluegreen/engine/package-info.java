/**
 * How a deployment is done; its one public class is {@link io.bluegreen.engine.ManagerBuilder}.
 * Everything else is an inside that may change. Where to find what:
 *
 * <ul>
 *   <li>the entrance: {@code ManagerBuilder} gathers a {@code Setup}, {@code DefaultManager}
 *       answers the calls of a host, {@code OpenRouter} opens the router once, {@code StatusReader}
 *       and {@code RunningBySignals} serve who only looks or signals, {@code StoredConsole} does so
 *       by a {@code GroupRecord} alone, {@code Listeners} tell what happens;
 *   <li>under the lease: {@code EngineThreads} do the work of a caller who waits, or looks at an
 *       {@code OwnDeployment}; {@code LeasedWork} gets the lease, {@code LeaseWait} waits for it,
 *       {@code OperationUnderLease} is what is done once it is had;
 *   <li>plan and steps: {@code ServedNow} is what is served, {@code SlotChoice} finds which slots
 *       an operation is about, {@code Rollback} what to go back to, {@code Planner} makes a {@code
 *       Plan} of {@code Step}s, {@code Preflight}, {@code Unrecorded} and {@code Metering} find
 *       what speaks against it before the first effect;
 *   <li>carrying out: {@code Engine} runs the steps, {@code Undo} takes them back, {@code Ending}
 *       writes how it ended; a {@code Run} with its {@code Traffic} and {@code HealthProofs} is
 *       what the steps have in common, {@code RunContext} what these stand on;
 *   <li>waiting: {@code HoldWatch} watches the traffic in a hold, {@code WaitForPerson} waits for a
 *       person, {@code Interventions} are what people ask for meanwhile, {@code
 *       WholeLimit} is the time that is left for all of it;
 *   <li>after a kill: {@code Recovery} decides by {@code Diagnosis} and {@code RecoveryTable}, and
 *       reads the steps that were {@code RecordedPlan}; {@code AdoptOrRepair} is for a person's
 *       decision;
 *   <li>the record: {@code Journal} writes the {@code StateDocument} with its {@code
 *       OpenDeployment} and that one's {@code JournalEntry}s, {@code StateCodec} is its form on
 *       disk.
 * </ul>
 */
@NullMarked
package io.bluegreen.engine;

import org.jspecify.annotations.NullMarked;
