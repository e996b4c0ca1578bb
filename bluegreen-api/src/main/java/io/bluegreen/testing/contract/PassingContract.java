package io.bluegreen.testing.contract;

import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What must pass a router's front door, as tests: bytes are written to it and to an application
 * behind it, and read at the other side. The clauses about requests, answers, WebSockets and the
 * origin of a request have interfaces of their own, which this one joins. One front door is opened
 * for all clauses of a class.
 *
 * <pre>{@code
 * class MyRouterPassesTest implements PassingContract {
 *   public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
 *     return new MyProxy(setup);
 *   }
 * }
 * }</pre>
 */
@ExtendWith(PassingTable.class)
public interface PassingContract
    extends RequestPassingContract,
        AnswerPassingContract,
        WebSocketPassingContract,
        OriginContract {

  /** Opens a front door; the contract closes it after the last clause of the class. */
  FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup);

  /**
   * Returns the names of the clauses that this proxy can't keep; by default none. Such a clause is
   * run, too, and has to fail, so that the list can't outlive its reason.
   */
  default Set<String> cannotPass() {
    return Set.of();
  }
}
