package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A contract is worth what it catches: each implementation here breaks one promise. */
@Tag("long")
class BrokenPromiseTest {

  static Stream<Arguments> wrongOnes() {
    return Stream.of(
        arguments(
            RoutersThatSwitchWrongly.ForgetsTheFence.class,
            "aLowerFenceIsRefusedAndChangesNothing",
            "apply() promises to refuse a fence that is lower than one seen before"),
        arguments(
            RoutersThatSwitchWrongly.TakesLateSwitches.class,
            "aGenerationThatIsNotAboveTheProxysIsRefusedUnlessItIsThatVerySwitch",
            "apply() promises to refuse a switch of a lower generation"),
        arguments(
            RoutersThatSwitchWrongly.TakesAGenerationTwice.class,
            "aGenerationThatIsNotAboveTheProxysIsRefusedUnlessItIsThatVerySwitch",
            "apply() promises to refuse a generation that another switch has had already"),
        arguments(
            RoutersThatSwitchWrongly.DoesNotKnowWhatARefusalDid.class,
            "aProxyThatServesNeitherSplitIsRefusedAndLeftAlone",
            "with UNCHANGED, because it never has an effect"),
        arguments(
            RoutersThatSwitchWrongly.DoesNotSayWhatIsServing.class,
            "aSwitchThatNamesSomeServicesOnlyIsRefused",
            "and to say what is serving"),
        arguments(
            RoutersThatSwitchWrongly.RemembersTheFenceOnlyInMemory.class,
            "theNextProcessReadsTheSameTruthAndRefusesALowerFence",
            "apply() promises to refuse a fence lower than the highest durably seen"),
        arguments(
            RoutersOfWrongTruth.AnswersFromMemory.class,
            "currentAsksTheProxyAndNotItsMemory",
            "current() promises to ask the proxy, and not its memory"),
        arguments(
            RoutersOfWrongTruth.AnswersForEverWhatItAnsweredFirst.class,
            "currentTellsEachSwitchAndNotWhatItAnsweredBefore",
            "not to repeat what it answered before the switch to green"),
        arguments(
            RoutersOfWrongTruth.TakesWhatRunsForAnEmptyMachine.class,
            "addressesWhereSomethingRunsListenBeforeTheFirstSwitch",
            "listens() promises YES where something runs"),
        arguments(
            RoutersOfWrongTruth.AnswersFromItsNote.class,
            "whatAPersonMovesByHandIsToldAndNoNoteOfTheRouters",
            "and not a note of what was applied"),
        arguments(
            RoutersThatSwitchWrongly.MovesTheOthersToBlue.class,
            "aServiceIsSwitchedWithoutTheOthers",
            "apply() promises to leave the services alone whose share does not change"),
        arguments(
            RoutersThatSwitchWrongly.SwitchesPartOfTheGroup.class,
            "aSwitchThatNamesSomeServicesOnlyIsRefused",
            "apply() promises to refuse a switch that does not name the whole group"),
        arguments(
            RoutersThatSwitchWrongly.ClearsTheInterrupt.class,
            "anInterruptedApplyLeavesOneOfTheTwoSplits",
            "apply() promises to leave the interrupt flag of its thread set"),
        arguments(
            RoutersOfWrongTruth.ThrowsSomethingElseWhereItIsDown.class,
            "aProxyThatIsDownIsARouterExceptionOfOpenOrUnreachable",
            "open() promises a RouterException, and nothing else, where the proxy is down"),
        arguments(
            RoutersThatSwitchWrongly.ForcesTheSwitch.class,
            "aProxyThatServesNeitherSplitIsRefusedAndLeftAlone",
            "apply() promises to refuse a proxy that serves neither from nor to"),
        arguments(
            RoutersThatSwitchWrongly.ForcesTheSwitch.class,
            "aGroupHalfWayBetweenTheSplitsIsRefusedOrMovedWhole",
            "which a router that declares ATOMIC_GROUP never leaves"),
        arguments(
            RoutersOfWrongTruth.BeginsAgainWithWhatItIsTold.class,
            "serveOpensTheDoorsOfARouterThatIsTheProxyAndChangesNoOther",
            "serve() promises to change nothing where the proxy is another program"),
        arguments(
            RoutersOfWrongTruth.OnlyRuns.class,
            "afterApplyTheTruthIsWhollyTheNewSplitWithItsGeneration",
            "apply() promises that durable truth is the new split"),
        arguments(
            RoutersOfWrongTruth.OnlyRuns.class,
            "aRestartOfTheProxyKeepsASwitchOrTheReportAdmitsThatItMayNot",
            "RELOAD_SAFE promises that a restart keeps a switch that was acknowledged"),
        arguments(
            RoutersThatSwitchWrongly.PretendsToApply.class,
            "afterApplyEveryRequestReachesTheNewColour",
            "apply() promises that requests reach green when it has returned"),
        arguments(
            RoutersOfWrongTruth.PlansByDoing.class,
            "planSaysSomethingAndTouchesNothing",
            "plan() promises to touch nothing"),
        arguments(
            RoutersOfWrongTruth.OpensByWriting.class,
            "openOnlyReads",
            "open() promises to change nothing"),
        arguments(
            RoutersOfWrongTruth.ThrowsWhereItIsDown.class,
            "aProxyThatIsDownIsUnreachableAndNotAnException",
            "current() promises UNREACHABLE, and no exception, for a proxy that is down"),
        arguments(
            RoutersThatFailClients.SharesHalfAndHalf.class,
            "aGradualSplitIsSharedAboutAsAsked",
            "apply() promises about 25 percent of new clients to green"),
        arguments(
            RoutersThatSwitchWrongly.RefusesTheSecondTime.class,
            "applyIsIdempotent",
            "apply() promises to be idempotent"),
        arguments(
            RoutersThatFailClients.DeclaresWhatItsMeterDoesNotTell.class,
            "aMeterTellsWhatTheRouterDeclares",
            "measures() promises that the meter tells"),
        arguments(
            RoutersThatFailClients.SaysNothingIsInFlight.class,
            "whatASlotIsStillAnsweringIsSeenInFlight",
            "inFlight() promises never to say NONE while a request is being answered"),
        arguments(
            RoutersThatFailClients.HidesWhatItLacks.class,
            "whatIsPromisedToClientsIsKeptUnderLoadOrTheReportAdmitsThatItMayNot",
            "a warning with a remedy for the missing LOSSLESS"),
        arguments(
            RoutersThatFailClients.LosesRequests.class,
            "whatIsPromisedToClientsIsKeptUnderLoadOrTheReportAdmitsThatItMayNot",
            "LOSSLESS promises that no request fails because of a switch"),
        arguments(
            RoutersThatFailClients.LeavesKeptConnections.class,
            "whatIsPromisedToClientsIsKeptUnderLoadOrTheReportAdmitsThatItMayNot",
            "NO_STALE promises that no request that starts after apply() has returned"),
        arguments(
            RoutersThatFailClients.MovesOneByOne.class,
            "whatIsPromisedToClientsIsKeptUnderLoadOrTheReportAdmitsThatItMayNot",
            "ATOMIC_GROUP promises that all services move at one instant"),
        arguments(
            WrongStores.GivesTheLeaseToEverybody.class,
            "theLeaseIsExclusiveAndTheLoserLearnsWhoHasIt",
            "acquire() promises the lease to one holder only"),
        arguments(
            WrongStores.LooksBeforeItTakes.class,
            "ofManyWhoAskAtOnceOneGetsTheLease",
            "acquire() promises the lease to one of many at once"),
        arguments(
            WrongStores.SavesWithoutTheLease.class,
            "nobodySavesWithoutTheLease",
            "save() promises to refuse a lease that is no longer held"),
        arguments(
            WrongStores.CutsLargeDocuments.class,
            "whatWasSavedIsLoadedExactlyByEverybody",
            "load() promises the bytes that were saved last, exactly"),
        arguments(
            WrongStores.WritesInPlace.class,
            "aReaderNeverSeesAPartOfADocument",
            "load() promises never a part of a document"),
        arguments(
            WrongStores.SortsSignals.class,
            "signalsArriveInOrderForTheirDeploymentUntilTheyAreForgotten",
            "in the order of posting"),
        arguments(
            WrongLaunchers.StopsByName.class,
            "whatBearsAnotherTokenIsNeverTouched",
            "stop() promises never to touch what does not bear its token"),
        arguments(
            WrongLaunchers.ForgetsWithItsProcess.class,
            "theNextProcessFindsAndStopsWhatWasLaunched",
            "launched processes outlive it and are found by their token"),
        arguments(
            WrongLaunchers.HidesFailure.class,
            "aLaunchThatFailsSaysSoAndLeavesNothingRunning",
            "launch() promises a LaunchException where nothing could be started"),
        arguments(
            WrongLaunchers.ClaimsThatNothingWasStarted.class,
            "aLaunchThatFailsSaysSoAndLeavesNothingRunning",
            "nothing was started where it says UNCHANGED"),
        arguments(
            WrongLaunchers.MakesRoom.class,
            "whatRunsIsNotTouchedByALaunchBesideIt",
            "launch() promises never to touch what bears another token"),
        arguments(
            WrongLaunchers.TakesItsOwnLaunchForAReason.class,
            "checkTouchesNothingAndFindsNothingWhereALaunchSucceeds",
            "the launch on record, which is stopped first, is no reason"),
        arguments(
            WrongLaunchers.FindsWhatItThenLaunches.class,
            "whatCheckFindsIsRefusedByTheLaunch",
            "what it finds is refused by launch()"),
        arguments(
            WrongLaunchers.StopsWhenItChecks.class,
            "checkTouchesNothingAndFindsNothingWhereALaunchSucceeds",
            "check() promises to stop nothing"),
        arguments(
            WrongAdoptions.RefusesWhatItCallsAdoptable.class,
            "whatIsCalledAdoptableIsKnownByItsTokenAndEndedByStop",
            "adoptable() promises that adopt() takes over what it calls RUNNING"),
        arguments(
            WrongAdoptions.ForgetsWhatItHasTakenOver.class,
            "whatIsCalledAdoptableIsKnownByItsTokenAndEndedByStop",
            "adopt() promises that stop() ends what was taken over, and not only forgets it"),
        arguments(
            WrongAdoptions.SeesNoStranger.class,
            "whatIsCalledAdoptableIsKnownByItsTokenAndEndedByStop",
            "adoptable() promises to call RUNNING what can be taken over"),
        arguments(
            WrongAdoptions.EndsWhatItTakesOver.class,
            "adoptStartsAndEndsNothingAndIsIdempotent",
            "adopt() promises to start and to end nothing"),
        arguments(
            WrongAdoptions.AdoptsOnce.class,
            "adoptStartsAndEndsNothingAndIsIdempotent",
            "adopt() promises to be idempotent for one token"),
        arguments(
            WrongAdoptions.ClingsToTheFirstToken.class,
            "adoptionThatWasGivenUpIsInNobodysWay",
            "another token works after one that was given up"),
        arguments(
            WrongAdoptions.RemembersWhatHasEnded.class,
            "whatWasTakenOverAndEndsByItselfIsNotSaidToRun",
            "what has ended does not run, taken over or not"),
        arguments(
            WrongAdoptions.EndsWhatItLooksAt.class,
            "adoptableTouchesNothing",
            "adoptable() promises to touch nothing"),
        arguments(
            WrongAdoptions.AdoptsNothing.class,
            "whatIsNotAdoptableIsRefusedAndLeftAsItIs",
            "to refuse, with nothing changed, what adoptable() does not call RUNNING"),
        arguments(
            WrongHealthChecks.TakesAnyAnswerForUp.class,
            "whatIsNotThereIsDown",
            "probe() promises that what can't be checked is DOWN"),
        arguments(
            WrongHealthChecks.TakesNothingToAskForUp.class,
            "anInstanceWithoutAnAddressIsAnsweredToo",
            "without an address which is not there is DOWN"),
        arguments(
            WrongHealthChecks.RemembersTheFirstAnswer.class,
            "eachProbeAsksAgain",
            "probe() promises to ask again each time"),
        arguments(
            WrongHealthChecks.SharesItsAnswer.class,
            "manyProbesAtOnceEachGetTheirOwnAnswer",
            "probe() promises to be safe for use by several threads"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongOnes")
  void aWrongImplementationFailsWithTheNameOfItsBrokenPromise(
      Class<?> wrong, String clause, String promise) {
    TestExecutionSummary summary = run(selectMethod(wrong, clause));
    assertThat(summary.getTestsStartedCount()).isEqualTo(1);
    assertThat(summary.getFailures())
        .extracting(failure -> failure.getException().getMessage())
        .singleElement(STRING)
        .contains(promise)
        .as("what was seen is told, not only that it was true or false")
        .doesNotContain("Expecting value to be");
  }

  @Test
  void theRunnerSeesThatARightImplementationPasses() {
    TestExecutionSummary summary = run(selectClass(InMemoryStateStoreContractTest.class));
    assertThat(summary.getTestsSucceededCount()).isGreaterThan(5);
    assertThat(summary.getTotalFailureCount()).isZero();
  }

  private static TestExecutionSummary run(DiscoverySelector what) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(what).build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, summary);
    return summary.getSummary();
  }
}
