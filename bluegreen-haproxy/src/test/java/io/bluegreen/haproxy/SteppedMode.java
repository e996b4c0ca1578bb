package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** A scheme that tells at which step of a switch it is, so that something can happen there. */
record SteppedMode(RoutingMode scheme, Consumer<String> at) implements RoutingMode {
  @Override
  public void check(OpenInspection seen, OpenFindings findings) throws IOException {
    scheme.check(seen, findings);
  }

  @Override
  public Served served(RuntimeApi worker) {
    return scheme.served(worker);
  }

  @Override
  public Served durable(RuntimeApi worker) throws IOException {
    return scheme.durable(worker);
  }

  @Override
  public String byHand() {
    return scheme.byHand();
  }

  @Override
  public RecordFile file() {
    return scheme.file();
  }

  @Override
  public Group group() {
    return scheme.group();
  }

  @Override
  public Target target(Slot slot) {
    return scheme.target(slot);
  }

  @Override
  public Attempt attempt(Switch change, RuntimeApi api, Rule rule) throws IOException {
    Attempt attempt = scheme.attempt(change, api, rule);
    return new Attempt() {
      @Override
      public void record() throws IOException {
        at.accept("before-record");
        attempt.record();
        at.accept("after-record");
      }

      @Override
      public void restore() throws IOException {
        at.accept("before-restore");
        attempt.restore();
      }

      @Override
      public void serve(RuntimeApi worker) {
        attempt.serve(worker);
        at.accept("after-serve");
      }

      @Override
      public List<String> describe(RuntimeApi worker) {
        return attempt.describe(worker);
      }
    };
  }
}
