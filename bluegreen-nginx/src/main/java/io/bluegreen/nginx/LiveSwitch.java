package io.bluegreen.nginx;

import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One switch of live mode: write a generation, rename the link, prove; and back where that fails.
 *
 * @param mode asked what nginx serves where the switch has failed
 * @param last where the generation is noted that was proven
 */
record LiveSwitch(
    LiveMode mode,
    NginxSettings settings,
    LiveDirectory state,
    LastGeneration last,
    LiveProof proof,
    TimeSource time) {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSwitch.class);

  /**
   * Makes the switch.
   *
   * @param durable what lies on the disk before it
   * @throws RouterException if it was not proven
   */
  void make(Switch change, DiskTruth durable, StatusSession session) {
    Optional<Path> before = Optional.empty();
    try {
      before = state.current();
      state.install(durable.next(mode.group(), change));
      settings.checkpoint.at("installed");
      proof.await(change, session);
      settings.checkpoint.at("proven");
    } catch (IOException e) {
      throw failed(change, before, e);
    }
    tidy(change, before);
  }

  /** Puts back what was before, if nginx answers; then says what is served. */
  private RouterException failed(Switch change, Optional<Path> before, IOException cause) {
    boolean interrupted = Thread.interrupted();
    try {
      RouterTruth now = mode.current();
      if (now instanceof RouterTruth.Known) {
        putBack(before, cause);
        now = mode.current();
      }
      return new RouterException(
          "the switch to "
              + change.to()
              + " was not proven: "
              + cause.getMessage()
              + "; "
              + (now instanceof RouterTruth.Known known
                  ? "nginx serves " + known.running()
                  : "nginx does not answer now, start it; on the disk is what it will serve"),
          SwitchAdmission.effect(now, change),
          cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void putBack(Optional<Path> before, IOException cause) {
    try {
      if (!before.equals(state.current())) {
        if (before.isPresent()) {
          state.point(before.get());
        } else {
          state.unpoint();
        }
      }
      new LiveDirectoryTidying(settings.home, state).make(before, time.now());
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void tidy(Switch change, Optional<Path> before) {
    try {
      last.note(change.generation());
      new LiveDirectoryTidying(settings.home, state).make(before, time.now());
    } catch (IOException e) {
      LOG.warn("{} was not tidied up after the switch, which is done", settings.home, e);
    }
  }
}
