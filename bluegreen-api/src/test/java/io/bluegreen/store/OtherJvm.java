package io.bluegreen.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bluegreen.LeaseOwner;
import io.bluegreen.StateStore;
import io.bluegreen.StateStore.Acquired;
import io.bluegreen.StateStore.HeldBy;
import io.bluegreen.StateStore.Lease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A store in a second JVM, driven line by line: a question is written, one answer comes back. */
final class OtherJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;

  private OtherJvm(Process process) {
    this.process = process;
    this.answers = process.inputReader(UTF_8);
    this.questions = new PrintStream(process.getOutputStream(), true, UTF_8);
  }

  static OtherJvm on(Path directory) throws IOException {
    return start(List.of(), directory);
  }

  /** One that can't write a file of more than 1 MiB, as on a disk that is full. */
  static OtherJvm withSmallFilesOn(Path directory) throws IOException {
    return start(List.of("sh", "-c", "ulimit -f 2048; exec \"$@\"", "sh"), directory);
  }

  private static OtherJvm start(List<String> before, Path directory) throws IOException {
    List<String> argv = new ArrayList<>(before);
    argv.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            OtherJvm.class.getName(),
            directory.toString()));
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new OtherJvm(builder.start());
  }

  long pid() {
    return process.pid();
  }

  String ask(String question) throws IOException {
    send(question);
    return answer();
  }

  void send(String question) {
    questions.println(question);
  }

  String answer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the other JVM has ended");
    }
    return answer;
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  // What follows runs in the other JVM.

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err); // A log line is no answer.
    Path directory = Path.of(args[0]);
    try (FileStateStore store = FileStateStore.in(directory)) {
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      Lease[] lease = new Lease[1];
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String answer;
        try {
          answer = answerTo(line.split(" "), store, lease, directory);
        } catch (RuntimeException e) {
          answer = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        out.println(answer);
      }
    }
  }

  private static String answerTo(
      String[] words, FileStateStore store, Lease[] lease, Path directory) throws IOException {
    switch (words[0]) {
      case "acquire":
        Acquired acquired = store.acquire(owner(words[1]));
        if (acquired instanceof HeldBy heldBy) {
          return "held by " + heldBy.owner().deploymentId() + " pid " + heldBy.owner().pid();
        }
        lease[0] = (Lease) acquired;
        return "lease";
      case "held":
        return String.valueOf(lease[0].held());
      case "release":
        lease[0].close();
        return "released";
      case "holder":
        return store.holder().map(LeaseOwner::deploymentId).orElse("nobody");
      case "save":
        store.save(words[1].repeat(Integer.parseInt(words[2])).getBytes(UTF_8), lease[0]);
        return "saved";
      case "fight":
        return fight(store, words[1], Integer.parseInt(words[2]), directory);
      case "take":
        return take(store, words[1], Integer.parseInt(words[2]));
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  /** Gets the lease so many times; its holder finds nobody else's mark. */
  private static String fight(StateStore store, String me, int rounds, Path directory)
      throws IOException {
    Path mark = directory.resolveSibling("somebody-is-in");
    int refused = 0;
    int wrongOwner = 0;
    for (int won = 0; won < rounds; ) {
      Acquired acquired = store.acquire(owner(me));
      if (acquired instanceof HeldBy heldBy) {
        refused++;
        if (heldBy.owner().deploymentId().equals(me) || heldBy.owner().pid() < 1) {
          wrongOwner++;
        }
        Thread.yield();
        continue;
      }
      try (Lease lease = (Lease) acquired) {
        Files.createFile(mark); // Fails if the other one is in.
        store.save(me.getBytes(UTF_8), lease);
        if (!lease.held() || !me.equals(new String(store.load().orElseThrow(), UTF_8))) {
          throw new IllegalStateException("somebody else wrote");
        }
        Files.delete(mark);
        won++;
      }
    }
    return "won " + rounds + " refused " + refused + " wrong " + wrongOwner;
  }

  /** Takes and gives up the lease so many times, and counts how often it was refused. */
  private static String take(StateStore store, String me, int rounds) {
    int refused = 0;
    for (int i = 0; i < rounds; i++) {
      if (store.acquire(owner(me)) instanceof Lease lease) {
        lease.close();
      } else {
        refused++;
      }
    }
    return "refused " + refused;
  }

  static LeaseOwner owner(String deploymentId) {
    return new LeaseOwner(
        "shop",
        deploymentId,
        ProcessHandle.current().pid(),
        "web1",
        Instant.parse("2026-11-21T10:15:30.123456789Z"));
  }
}
