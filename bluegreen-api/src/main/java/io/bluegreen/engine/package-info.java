/**
 * How a deployment is done; its one public class is {@link io.bluegreen.engine.ManagerBuilder}. All
 * else is internal and may change. Where to find what:
 *
 * <ul>
 *   <li>the entrance: {@code ManagerBuilder} gathers a {@code ManagerSetup}, {@code DefaultManager}
 *       answers the calls of a host, {@code OpenedRouter} opens the router once, after an {@code
 *       AddressCheck}. {@code StatusReader}, {@code PlanReader} and {@code RunningBySignals} serve
 *       callers that only look or signal; {@code StoredConsole} does so with a {@code GroupRecord}
 *       alone. {@code ManagerShutdown} closes everything;
 *   <li>under the lease: {@code EngineThreads} do the work, while the host waits or keeps an {@code
 *       OwnDeployment}; {@code CallerStack} adds the host's call to exceptions. {@code LeasedWork}
 *       gets the lease in the name of {@code ThisHost}, {@code LeaseWait} says how long it waits
 *       for it, {@code OperationUnderLease} is what is done once the lease is had;
 *   <li>plan and steps: {@code ServedNow} is what is served, {@code DriftFinder} finds how that
 *       differs from what it should be, {@code FirstLook} whether what serves without a switch of
 *       ours is live. {@code SlotChoice} chooses the slots that an operation is about, {@code
 *       Rollback} finds what to go back to, {@code Adoption} what to take over, {@code Planner}
 *       makes a {@code Plan} of {@code Step}s. {@code Preflight}, {@code UnrecordedRunners} and
 *       {@code MeterCheck} find what speaks against it before the first effect, {@code LeftRunning}
 *       what nobody here stops;
 *   <li>the steps: {@code HookStep}, {@code LaunchStep}, {@code AdoptStep}, {@code ProveStep},
 *       {@code MoveStep}, {@code HoldStep}, {@code DrainStep}, {@code StopStep}, and {@code
 *       HandoverStep} for background services; {@code StepNotDone} ends one that fails;
 *   <li>carrying out: {@code Engine} runs the steps, {@code Undo} takes them back, {@code Ending}
 *       says how the deployment ended and {@code OutcomeRecord} writes it. The steps share an
 *       {@code OperationRun}: a {@code RunContext}, the {@code TrafficControl}, and the {@code
 *       HealthProofs}, which make one {@code ProbeRound} after the other;
 *   <li>telling: the {@code EventReporter} of a deployment tells the {@code Listeners}, each by a
 *       {@code ListenerQueue};
 *   <li>waiting: {@code HoldWatch} watches the traffic in a hold, by its {@code HoldClock}, {@code
 *       HoldGates} and {@code HoldCounts}; {@code WaitForPerson} waits for a person. {@code
 *       Interventions} are what people ask for meanwhile, {@code DeploymentLimit} is the time that
 *       is left for the whole;
 *   <li>after a kill: {@code Recovery} decides by {@code Diagnosis} and {@code RecoveryTable}, and
 *       makes the steps again from the {@code RecordedPlan}; {@code AdoptOrRepair} carries out what
 *       a person decides;
 *   <li>the record: {@code Journal} writes the {@code StateDocument}, {@code StateCodec} is its
 *       form on disk, {@code StateUpgrade} reads earlier forms. The document has what is in each
 *       slot ({@code SlotOccupant}, {@code SlotRecord}), what took over when ({@code LastSwitch},
 *       {@code Promotion}, {@code WaysBack}), each {@code PastDeployment}, and the {@code
 *       OpenDeployment} with its plan ({@code RecordedStep}, {@code Handover}) and its journal
 *       ({@code JournalEntry}, {@code StepKind}).
 * </ul>
 */
@NullMarked
package io.bluegreen.engine;

import org.jspecify.annotations.NullMarked;
