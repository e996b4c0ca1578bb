package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A list of what can't pass is worth what it catches when it is wrong. */
class PassingTableTest {
  /** A front door without a proxy: the application takes one request of each connection. */
  static class NoProxy implements PassingContract {
    @Override
    public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
      return new FrontDoorUnderTest() {
        @Override
        public URI address() {
          return URI.create(setup.application());
        }

        @Override
        public void close() {
          // The application is the contract's.
        }
      };
    }
  }

  static class DeclaresRightly extends NoProxy {
    @Override
    public Set<String> cannotPass() {
      return Set.of("pipelinedRequestsAreAnsweredInTheirOrder");
    }
  }

  static class DeclaresWhatPasses extends NoProxy {
    @Override
    public Set<String> cannotPass() {
      return Set.of("webSocketPassesBothWays");
    }
  }

  static class DeclaresNoClause extends NoProxy {
    @Override
    public Set<String> cannotPass() {
      return Set.of("pipelinedRequests");
    }
  }

  @Test
  void whatPassesIsSeenToPass() {
    assertThat(failure(NoProxy.class, "webSocketPassesBothWays")).isEmpty();
  }

  @Test
  void whatDoesNotPassHasToBeDeclared() {
    String clause = "pipelinedRequestsAreAnsweredInTheirOrder";
    assertThat(failure(NoProxy.class, clause)).isNotEmpty();
    assertThat(failure(DeclaresRightly.class, clause)).isEmpty();
  }

  @Test
  void whatIsDeclaredAndPassesIsAFailure() {
    assertThat(failure(DeclaresWhatPasses.class, "webSocketPassesBothWays"))
        .singleElement()
        .asString()
        .contains("webSocketPassesBothWays fails] but it passes: take it out");
  }

  @Test
  void whatIsDeclaredHasToBeAClause() {
    assertThat(failure(DeclaresNoClause.class, "webSocketPassesBothWays"))
        .singleElement()
        .asString()
        .contains("cannotPass() promises names of clauses");
  }

  private static List<String> failure(Class<?> contract, String clause) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(contract, clause, PassingScene.class.getName()))
                .build(),
            listener);
    assertThat(listener.getSummary().getTestsStartedCount()).isEqualTo(1);
    return listener.getSummary().getFailures().stream()
        .map(failure -> String.valueOf(failure.getException()))
        .toList();
  }
}
