package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenException;
import io.bluegreen.BlueGreenManager;
import io.bluegreen.Operation;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.FakeRouter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An exception that is thrown on a thread of the engine also shows where the host called. */
class CallerStackTest {
  private final Shop shop = Shop.web();

  @Test
  void exceptionOfTheRouterHasAFrameOfTheHost() {
    try (TimeSource time = TimeSource.system();
        BlueGreenManager manager = shop.builder().router(new Refusing()).time(time).build()) {
      assertThatThrownBy(() -> manager.deployNewVersion(Shop.V1))
          .isExactlyInstanceOf(RouterException.class)
          .hasMessage("not today")
          .satisfies(CallerStackTest::showsThisTest);
    }
  }

  @Test
  void exceptionOfTheEnginesThreadHasAFrameOfTheHost() {
    try (TimeSource time = TimeSource.system();
        BlueGreenManager manager = shop.builder().time(time).build()) {
      assertThatThrownBy(() -> manager.run(Operation.rollback()))
          .isInstanceOf(BlueGreenException.class)
          .satisfies(CallerStackTest::showsThisTest);
    }
  }

  @Test
  void framesAreAddedOnce() {
    RouterException thrown = new RouterException("no", RouterException.Effect.UNKNOWN);
    int before = thrown.getStackTrace().length;
    assertThat(CallerStack.seen(CallerStack.seen(thrown)).getStackTrace())
        .hasSizeLessThan(2 * before + 2);
  }

  private static void showsThisTest(Throwable thrown) {
    assertThat(Stream.of(thrown.getStackTrace()).map(StackTraceElement::getClassName))
        .anyMatch(name -> name.startsWith(CallerStackTest.class.getName()));
    assertThat(Stream.of(thrown.getStackTrace()).map(StackTraceElement::getClassName))
        .as("where it was thrown stays")
        .anyMatch(name -> name.startsWith("io.bluegreen."));
  }

  private static final class Refusing implements Router {
    private final FakeRouter right = new FakeRouter();

    @Override
    public RouterReport open(Opening opening) {
      throw new RouterException("not today", RouterException.Effect.UNCHANGED);
    }

    @Override
    public RouterTruth current() {
      return right.current();
    }

    @Override
    public void apply(Switch change) {
      right.apply(change);
    }

    @Override
    public void close() {}
  }

  @Test
  void exceptionOfTheCallersOwnThreadKeepsItsFrames() {
    assertThatThrownBy(() -> shop.manager().rollback())
        .satisfies(
            thrown ->
                assertThat(Stream.of(thrown.getStackTrace()))
                    .filteredOn(
                        frame -> frame.getClassName().equals("io.bluegreen.engine.DefaultManager"))
                    .filteredOn(frame -> frame.getMethodName().equals("run"))
                    .hasSize(1));
  }

  @Test
  void framesOfTheHostAreAddedOnceToAnExceptionThatThreeThreadsHaveSeen() {
    try (TimeSource time = TimeSource.system();
        BlueGreenManager manager = shop.builder().router(new Refusing()).time(time).build()) {
      assertThatThrownBy(() -> manager.deployNewVersion(Shop.V1))
          .satisfies(
              thrown ->
                  assertThat(Stream.of(thrown.getStackTrace()))
                      .filteredOn(frame -> frame.getMethodName().equals("deployNewVersion"))
                      .hasSize(1));
    }
  }
}
