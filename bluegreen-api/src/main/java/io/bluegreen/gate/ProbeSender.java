package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Phase;
import io.bluegreen.Verdict;
import io.bluegreen.gate.HttpQuestions.Question;
import io.bluegreen.gate.HttpQuestions.Reply;
import io.bluegreen.support.Reopenable;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends the probes of a gate, and keeps what came of them for each phase of each deployment. */
final class ProbeSender implements AutoCloseable {
  private static final int MOST_RUNS = 64;

  private final ProbeSettings settings;
  private final Reopenable<HttpQuestions> http;
  private final Map<Key, PhaseProbes> runs = new LinkedHashMap<>();

  ProbeSender(ProbeSettings settings) {
    this.settings = settings;
    this.http = new Reopenable<>(() -> new HttpQuestions(settings.trust()), HttpQuestions::close);
  }

  Verdict judge(Gate.Context context) throws InterruptedException {
    Map<String, List<URI>> targets = settings.target().of(context.candidates());
    PhaseProbes run = run(new Key(context.deploymentId(), context.phase()));
    probe(targets, run, run.due(context, settings.every()));
    List<PartVerdict> parts = new ArrayList<>();
    targets.forEach((name, uris) -> parts.add(new PartVerdict(name, verdict(name, uris, run))));
    return PartVerdict.all(parts);
  }

  @Override
  public void close() {
    http.close();
    synchronized (runs) {
      runs.clear();
    }
  }

  private void probe(Map<String, List<URI>> targets, PhaseProbes run, int due)
      throws InterruptedException {
    List<String> names = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    targets.forEach(
        (name, addresses) -> {
          for (URI address : addresses) {
            for (int i = 0; i < due && isHttp(address); i++) {
              names.add(name);
              questions.add(
                  new Question(address, settings.call(), settings.target().fixed().isEmpty()));
            }
          }
        });
    List<Reply> replies = http.get().ask(questions, settings.limit());
    for (int i = 0; i < replies.size(); i++) {
      URI address = questions.get(i).endpoint();
      Reply reply = replies.get(i);
      window(names.get(i), run)
          .add(
              reply.took(),
              settings
                  .expected()
                  .refusal(reply)
                  .map(why -> settings.call() + " to " + address.getAuthority() + ": " + why));
    }
  }

  private Verdict verdict(String name, List<URI> addresses, PhaseProbes run) {
    Optional<URI> other = addresses.stream().filter(address -> !isHttp(address)).findFirst();
    if (other.isPresent()) {
      return Verdict.inconclusive(other.get() + " is neither http nor https");
    }
    return addresses.isEmpty()
        ? Verdict.inconclusive("there is no address to send the probe to")
        : window(name, run).verdict();
  }

  private ProbeWindow window(String name, PhaseProbes run) {
    return run.window(name, () -> new ProbeWindow(settings.limits()));
  }

  private PhaseProbes run(Key key) {
    synchronized (runs) {
      PhaseProbes run = runs.remove(key);
      runs.put(key, run == null ? new PhaseProbes() : run);
      if (runs.size() > MOST_RUNS) {
        runs.remove(runs.keySet().iterator().next());
      }
      return runs.get(key);
    }
  }

  private static boolean isHttp(URI address) {
    return "http".equals(address.getScheme()) || "https".equals(address.getScheme());
  }

  private record Key(String deploymentId, Phase phase) {}
}
