package io.bluegreen.testing.contract;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What the clauses of {@link PassingContract} share: front doors, each opened when it is first
 * needed, and a {@link ScriptedApplication} behind them. JUnit makes and closes it.
 */
public final class PassingScene implements AutoCloseable {
  /** From here come the trusted proxies of {@link Door#TRUSTING}. */
  static final String TRUSTED = "127.9.0.1";

  private static final List<String> NETWORKS = List.of("127.9.0.0/16", "2001:db8::/32");

  static final String UNTRUSTED = "127.0.0.1";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For a clause that has to fail: what does not come within this is taken for lost. */
  private static final Duration HARDLY_ANY = Duration.ofMillis(400);

  private final TimeSource time = TimeSource.system();
  private final ScriptedApplication application = new ScriptedApplication(time, PATIENCE);
  private final Map<Door, FrontDoorUnderTest> doors = new EnumMap<>(Door.class);
  private final PassingContract contract;
  private Duration patience = PATIENCE;

  PassingScene(PassingContract contract) {
    this.contract = contract;
  }

  /** The front doors that the clauses need. */
  enum Door {
    /** Configured as the router does by default. */
    USUAL(false, false),
    /** With short limits for clients that say nothing. */
    IMPATIENT(false, true),
    /** Behind proxies that are trusted. */
    TRUSTING(true, false);

    private final boolean trusting;
    private final boolean impatient;

    Door(boolean trusting, boolean impatient) {
      this.trusting = trusting;
      this.impatient = impatient;
    }
  }

  /** What the application does with a request, which may not have come yet. */
  record Asked<T>(CompletableFuture<T> result) {}

  /** Prepares for the next clause. */
  void begin(boolean hasToFail) {
    application.forget();
    patience = hasToFail ? HARDLY_ANY : PATIENCE;
  }

  FrontDoorUnderTest door(Door door) {
    return doors.computeIfAbsent(
        door,
        wanted ->
            contract.startFrontDoor(
                new FrontDoorUnderTest.Setup(
                    application.address(),
                    wanted.trusting ? NETWORKS : List.of(),
                    wanted.impatient)));
  }

  /** Returns a client of the usual door. */
  Wire client() throws IOException {
    return client(Door.USUAL, UNTRUSTED);
  }

  /** Returns a client that calls from an address of this machine. */
  Wire client(Door door, String from) throws IOException {
    URI to = door(door).address();
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(to.getHost(), to.getPort()), (int) PATIENCE.toMillis());
      return new Wire(socket, patience);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Lets the application do this with its next request; returns what that returns. */
  <T> Asked<T> whenAsked(ScriptedApplication.Script<T> script) {
    return new Asked<>(application.next(script));
  }

  /** Lets the application read its next request whole, which this returns, and answer so. */
  Asked<WireMessage> answering(String answer) {
    return whenAsked(
        (wire, head) -> {
          WireMessage request = wire.body(head);
          wire.write(answer);
          return request;
        });
  }

  /** Waits for what the application returns. */
  <T> T get(Asked<T> asked) throws IOException {
    return get(asked.result);
  }

  /** Waits for what the other side says. */
  <T> T get(CompletableFuture<T> result) throws IOException {
    try {
      return time.await(patience, result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the application failed", e.getCause());
    } catch (Exception e) {
      throw new IOException("it did not come within " + patience, e);
    }
  }

  /** Returns when the impatient door has turned away a client that said nothing for too long. */
  void outlastOtherClients() throws IOException {
    FrontDoorUnderTest door = door(Door.IMPATIENT);
    CompletableFuture<String> silent = new CompletableFuture<>();
    try (Wire client = client(Door.IMPATIENT, UNTRUSTED)) {
      client.write("GET / HTTP/1.1\r\nHost: shop\r\nX-Half: a he");
      time.executor().execute(() -> complete(silent, client));
      Eventually.until(
          "an impatient door promises to turn away a client that is silent within a head",
          PATIENCE,
          () -> {
            door.passTime();
            return silent.isDone();
          },
          () -> "it still waits");
    }
  }

  private static void complete(CompletableFuture<String> all, Wire client) {
    try {
      all.complete(client.rest());
    } catch (IOException e) {
      all.completeExceptionally(e);
    }
  }

  /** Closes the doors and the application. */
  @Override
  public void close() {
    try (time;
        application) {
      doors.values().forEach(FrontDoorUnderTest::close);
    }
  }
}
