/**
 * How a deployment is done; its one public class is {@link io.bluegreen.engine.ManagerBuilder}.
 * Everything else is an inside that may change. Where to find what:
 *
 * <ul>
 *   <li>the entrance: {@code ManagerBuilder} gathers a {@code ManagerSetup} and checks its {@code
 *       AddressCheck}, {@code DefaultManager} answers the calls of a host, {@code OpenedRouter}
 *       opens the router once, {@code StatusReader}, {@code PlanReader} and {@code
 *       RunningBySignals} serve callers that only look or signal, {@code StoredConsole} does so by
 *       a {@code GroupRecord} alone, {@code ManagerShutdown} ends it all;
 *   <li>under the lease: {@code EngineThreads} do the work of a {@code CallerStack} who waits, or
 *       looks at an {@code OwnDeployment}; {@code LeasedWork} gets the lease in the name of {@code
 *       ThisHost}, {@code LeaseWait} waits for it, {@code OperationUnderLease} is what is done once
 *       it is had;
 *   <li>plan and steps: {@code ServedNow} is what is served, {@code DriftFinder} is how that
 *       differs from what it should be, {@code SlotChoice} finds which slots an operation is about,
 *       {@code Rollback} what to go back to, {@code Planner} makes a {@code Plan} of {@code Step}s,
 *       {@code Preflight}, {@code UnrecordedRunners} and {@code MeterCheck} find what speaks
 *       against it before the first effect;
 *   <li>the steps: {@code HookStep}, {@code LaunchStep}, {@code ProveStep}, {@code MoveStep},
 *       {@code HoldStep}, {@code DrainStep}, {@code StopStep}, and {@code HandoverStep} for
 *       background services; {@code StepNotDone} ends one;
 *   <li>carrying out: {@code Engine} runs the steps, {@code Undo} takes them back, {@code Ending}
 *       says how it ended and {@code OutcomeRecord} writes it; a {@code OperationRun} with its
 *       {@code TrafficControl} and {@code HealthProofs}, by one {@code ProbeRound} after the other,
 *       is what the steps have in common, {@code RunContext} what these stand on;
 *   <li>telling: {@code EventReporter} of one deployment go to the {@code Listeners}, each with a
 *       {@code ListenerQueue};
 *   <li>waiting: {@code HoldWatch} watches the traffic in a hold, by its {@code HoldClock}, {@code
 *       HoldGates} and {@code HoldCounts}, {@code WaitForPerson} waits for a person, {@code
 *       Interventions} are what people ask for meanwhile, {@code DeploymentLimit} is the time that
 *       is left for all of it;
 *   <li>after a kill: {@code Recovery} decides by {@code Diagnosis} and {@code RecoveryTable}, and
 *       reads the steps that were {@code RecordedPlan}; {@code AdoptOrRepair} is for a person's
 *       decision;
 *   <li>the record: {@code Journal} writes the {@code StateDocument}, {@code StateCodec} is its
 *       form on disk, {@code StateUpgrade} reads earlier ones. It has what is in each slot ({@code
 *       SlotOccupant}, {@code SlotRecord}), what took over when ({@code LastSwitch}, {@code
 *       Promotion}, {@code WaysBack}), each {@code PastDeployment}, and the {@code OpenDeployment}
 *       with its plan ({@code RecordedStep}, {@code Handover}) and its journal ({@code
 *       JournalEntry}, {@code StepKind}).
 * </ul>
 */
@NullMarked
package io.bluegreen.engine;

import org.jspecify.annotations.NullMarked;
