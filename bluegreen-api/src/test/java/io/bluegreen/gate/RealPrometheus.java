package io.bluegreen.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The prometheus of this machine, with a directory of its own, on a port that it finds itself. */
final class RealPrometheus implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("msg=\"Listening on\" address=(127\\.0\\.0\\.1:[0-9]+)");
  private static final String READY = "Server is ready to receive web requests.";

  private final Process process;
  private final String address;

  /**
   * Starts one and waits until it is ready.
   *
   * @param web more of its command line
   */
  RealPrometheus(Path directory, MetricsExporter exporter, String... web) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global:
              scrape_interval: 400ms
              scrape_timeout: 400ms
            scrape_configs:
              - job_name: shop
                static_configs:
                  - targets: ['%s']
            """
                .formatted(exporter.address()));
    List<String> argv =
        new ArrayList<>(
            List.of(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:0"));
    argv.addAll(List.of(web));
    process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    address = awaitReady();
  }

  String address() {
    return address;
  }

  String url() {
    return "http://" + address;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private String awaitReady() throws IOException {
    List<String> said = new ArrayList<>();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String listening = "";
    boolean ready = false; // It may log these two lines in either order.
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        listening = matcher.group(1);
      }
      ready |= line.contains(READY);
      if (ready && !listening.isEmpty()) {
        drain(lines);
        return listening;
      }
    }
    throw new IOException("prometheus did not start:\n" + String.join("\n", said));
  }

  /** Reads the rest of its output, so that it never waits for a reader. */
  private static void drain(BufferedReader lines) {
    Thread thread = new Thread(() -> lines.lines().forEach(line -> {}), "prometheus-output");
    thread.setDaemon(true);
    thread.start();
  }
}
