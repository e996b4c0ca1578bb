package io.bluegreen.examples.kill;

import io.bluegreen.Color;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.RequestJudge;
import io.bluegreen.support.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A host, seen from its parent. */
final class HostJvm implements AutoCloseable {
  /**
   * The environment variable that marks everything a host starts, unless the launcher removes it.
   */
  static final String MARK = "BLUEGREEN_EXAMPLE_HOST";

  /** The file that is there while a host acts. */
  static final String ACTING = "acting";

  private static final long LIMIT_SECONDS = 90;

  private final Process process;
  private final PrintStream questions;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final Thread reader;
  private final Path errors;
  private final RequestJudge ledger;
  private volatile CommandTrace trace = new CommandTrace();
  private TrafficSplit to = split("0");

  /** What the parent waits for: that the host stands still, an answer, or its end. */
  private record Heard(String mark, String kind, String text) {}

  /** An answer. */
  record Answer(String kind, Map<String, Json> values) {
    String text(String name) {
      Json value = values.get(name);
      return value == null ? "" : value.text().orElseGet(value::toString);
    }
  }

  /**
   * Starts one.
   *
   * @param ledger hears of each switch before it begins and when it has returned
   */
  HostJvm(List<String> arguments, Path directory, String mark, RequestJudge ledger)
      throws IOException {
    this.ledger = ledger;
    this.errors = Files.createTempFile(directory, "host-", ".err");
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + directory,
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                KillHost.class.getName()));
    argv.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(argv).redirectError(errors.toFile());
    builder.environment().put(MARK, mark);
    process = builder.start();
    questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    reader = new Thread(this::read, "host-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Waits until it has built its manager. */
  HostJvm ready() throws InterruptedException {
    answer();
    return this;
  }

  long pid() {
    return process.pid();
  }

  /** Lets it begin; what it tells from here on is one trace. */
  void ask(String command) {
    trace = new CommandTrace();
    questions.println(command);
  }

  /** Lets it stand still at this point of the next command. */
  void standStillAt(KillPoint point) {
    questions.println("kill " + point.line());
  }

  Answer answer() throws InterruptedException {
    Heard next = next();
    if (!next.mark().equals("=")) {
      throw new IllegalStateException("no answer, but " + next + errors());
    }
    return new Answer(
        next.kind(), Json.read(next.text().getBytes(StandardCharsets.UTF_8)).members());
  }

  Answer asked(String command) throws InterruptedException {
    ask(command);
    return answer();
  }

  /** Waits until it stands still; returns false if it came to its end without. */
  boolean standsStill() throws InterruptedException {
    return next().mark().equals("@");
  }

  /** Kills it with signal 9, and returns what it had told until then. */
  CommandTrace kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    reader.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    Files.deleteIfExists(errors.resolveSibling(ACTING));
    return trace;
  }

  CommandTrace trace() {
    return trace;
  }

  boolean ended() {
    return !process.isAlive();
  }

  /** Ends it, whatever it does. */
  void end() {
    process.destroyForcibly().onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Lets it close its manager and end. */
  @Override
  public void close() {
    questions.println("end");
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a host does not end" + errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private Heard next() throws InterruptedException {
    Heard next = heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    return next == null ? new Heard("nothing", "", "") : next;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line.split("\t", 4));
      }
    } catch (IOException e) {
      heard.add(new Heard("broken", "", e.toString()));
    }
    heard.add(new Heard("end", "", ""));
  }

  private void take(String[] parts) {
    if (parts.length < 4) {
      return; // Killed in the middle of a line.
    }
    switch (parts[0]) {
      case "=", "@" -> heard.add(new Heard(parts[0], parts[1], parts[3]));
      default -> {
        trace.add(
            new CommandTrace.Line(
                parts[0], parts[1], Integer.parseInt(parts[2]), parts[3], System.nanoTime()));
        if (parts[1].equals("router.apply")) {
          tellTheLedger(parts);
        }
      }
    }
  }

  private void tellTheLedger(String[] parts) {
    if (parts[0].equals(">")) {
      String[] split = parts[3].split(" ");
      ledger.switching(split(split[0]), split(split[1]));
      to = split(split[1]);
      questions.println("go");
    } else if (parts[0].equals("<")) {
      ledger.switched(to);
    }
  }

  /** Returns the split with this percent to green. */
  static TrafficSplit split(String green) {
    return new TrafficSplit(Map.of("web", 0)).with("web", Color.GREEN, Integer.parseInt(green));
  }

  private String errors() {
    try {
      String all = Files.readString(errors);
      return "; it said: " + all.substring(Math.max(0, all.length() - 2_000));
    } catch (IOException e) {
      return "; " + e;
    }
  }
}
