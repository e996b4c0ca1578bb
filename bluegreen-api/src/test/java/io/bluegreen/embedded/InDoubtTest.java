package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Applications that answer more, less or other than what they were asked. */
class InDoubtTest {
  private static final int ROUNDS = Integer.getInteger("bluegreen.rounds", 3);
  private static final long PAUSE = Integer.getInteger("bluegreen.pause", 20);

  /**
   * The parts of the application's answer; PAUSE is a pause, and TARGET stands for the target that
   * was asked for.
   */
  private enum Misdeed {
    EARLY_HINTS("103 E\r\nLink: </x>\r\n\r\nPAUSE200 X\r\n" + whole(), 200, true),
    PROCESSING("102 P\r\n\r\nPAUSE102 P\r\n\r\nPAUSE200 X\r\n" + whole(), 200, true),
    ANY_INFORMATIONAL("199 ?\r\nContent-Length: 5\r\n\r\nPAUSE200 X\r\n" + whole(), 200, true),
    CONTINUE_UNASKED("100 Continue\r\n\r\nPAUSE200 X\r\n" + whole(), 200, true),
    HINTS_BEFORE_NOTHING("103 E\r\n\r\nPAUSE204 X\r\n\r\n", 204, true),
    CONTINUE_WITHOUT_END("100 C\r\n\r\n".repeat(10_000), 502, false),
    TWO_ANSWERS("200 X\r\n" + whole() + "200 X\r\n" + whole(), 200, false),
    ANSWER_LATER("200 X\r\n" + whole() + "PAUSE200 X\r\n" + whole(), 200, false),
    HINTS_LATER("200 X\r\n" + whole() + "PAUSE103 X\r\n\r\n", 200, false),
    LONGER_THAN_SAID("200 X\r\n" + whole() + "RAWsurplus", 200, false),
    EMPTY_WITH_A_BODY("200 X\r\nContent-Length: 0\r\n\r\nRAWTARGET", 200, false),
    NO_CONTENT_WITH_A_BODY("204 X\r\nContent-Length: 7\r\n\r\nRAWsurplus", 204, false),
    NOT_MODIFIED_WITH_A_BODY("304 X\r\nContent-Length: 7\r\n\r\nPAUSERAWsurplus", 304, false),
    BEHIND_THE_LAST_CHUNK(
        "200 X\r\nTransfer-Encoding: chunked\r\n\r\nRAW3\r\nabc\r\n0\r\n\r\nPAUSE200 X\r\n"
            + whole(),
        200,
        false),
    LENGTH_AND_CHUNKED(
        "200 X\r\nTransfer-Encoding: chunked\r\n" + whole() + "RAW0\r\n\r\n", 502, false),
    TWO_LENGTHS("200 X\r\nContent-Length: 1\r\n" + whole(), 502, false),
    TWICE_THE_SAME_LENGTH("200 X\r\nContent-Length: LENGTH\r\n" + whole(), 502, false),
    NO_LENGTH("200 X\r\nContent-Length: +1\r\n\r\nRAWx", 502, false),
    OTHER_CODING("200 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\nRAW0\r\n\r\n", 502, false),
    SWITCH_UNASKED(
        "101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nRAWhello", 502, false),
    NO_STATUS("2000 X\r\n" + whole(), 502, false),
    NOT_HTTP("RAW\u0016\u0003\u0001\r\n\r\n", 502, false),
    NUL_IN_A_HEADER("200 X\r\nX-A: b\u0000c\r\n" + whole(), 502, false),
    NO_NAME("200 X\r\n: c\r\n" + whole(), 502, false);

    private final String script;
    private final int status;
    private final boolean goesOn;

    Misdeed(String script, int status, boolean goesOn) {
      this.script = script;
      this.status = status;
      this.goesOn = goesOn;
    }

    private static String whole() {
      return "Content-Length: LENGTH\r\n\r\nRAWTARGET";
    }

    boolean answer(String target, OutputStream out) throws IOException {
      String lines =
          script
              .replace("LENGTH", Integer.toString(target.length()))
              .replace("TARGET", target)
              .replaceAll(
                  "(^|\\r\\n\\r\\n|PAUSE|RAWsurplus|" + target + ")(?=[1-9][0-9]{2,3} )",
                  "$1HTTP/1.1 ");
      for (String part : lines.replace("RAW", "").split("(?=PAUSE)", -1)) {
        if (part.startsWith("PAUSE")) {
          out.flush();
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE));
        }
        out.write(part.replace("PAUSE", "").getBytes(ISO_8859_1));
      }
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyEverGetsWhatAnotherWasAnswered(Misdeed misdeed) throws Exception {
    // No time passes, so that no connection is dropped for being idle, however slow the machine.
    try (EmbeddedShop shop =
        new EmbeddedShop(
            EmbeddedRouter.create().time(new StoppedTime()),
            new TestApp((request, out) -> misdeed.answer(request.target(), out)),
            TestApp.saying("green"))) {
      for (int round = 0; round < ROUNDS; round++) {
        try (RawConnection alice = new RawConnection(shop.port);
            RawConnection bob = new RawConnection(shop.port)) {
          String target = "/" + round;
          alice.send("GET", target + "-alice");
          RawConnection.Reply hers = read(alice);
          bob.send("GET", target + "-bob");
          RawConnection.Reply his = read(bob);
          assertAnswered(misdeed, hers, target + "-alice");
          assertAnswered(misdeed, his, target + "-bob");
          if (misdeed.goesOn) {
            alice.send("GET", target + "-again");
            assertAnswered(misdeed, read(alice), target + "-again");
          } else {
            assertThat(alice.in.read()).as("the client's connection ends").isEqualTo(-1);
            assertThat(bob.in.read()).as("the client's connection ends").isEqualTo(-1);
          }
        }
      }
      await().until(() -> shop.inFlight(Color.BLUE).isNone());
      assertThat(shop.blue.connections).hasValue(2 * ROUNDS);
    }
  }

  private static RawConnection.Reply read(RawConnection wire) throws IOException {
    RawConnection.Reply reply = wire.read(false);
    while (reply.status() < 200) {
      reply = wire.read(false);
    }
    return reply;
  }

  private static void assertAnswered(Misdeed misdeed, RawConnection.Reply reply, String target) {
    assertThat(reply.status()).isEqualTo(misdeed.status);
    assertThat(reply.body()).isIn(target, "", "abc");
  }
}
