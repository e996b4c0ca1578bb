package io.bluegreen.haproxy;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A socket between router and HAProxy that passes commands on, except one, or up to one. */
final class FaultyRelay implements AutoCloseable {
  /**
   * What goes wrong.
   *
   * @param at the number of the command, from 0
   * @param lasting whether it goes wrong with every later command, too
   * @param executed whether HAProxy gets the command
   * @param kept how many bytes of the reply are passed on; negative for no reply and no end
   */
  record Fault(int at, boolean lasting, boolean executed, int kept) {}

  private final AtomicInteger number = new AtomicInteger();
  private final AtomicReference<Optional<Fault>> fault = new AtomicReference<>(Optional.empty());
  private final AtomicInteger longest = new AtomicInteger();
  private final AtomicBoolean struck = new AtomicBoolean();
  private final ScriptedSocket socket;
  private final TimeSource time = TimeSource.system();
  private final HaproxySocket real;

  FaultyRelay(Path real, boolean master) throws IOException {
    this.real = new HaproxySocket(UnixDomainSocketAddress.of(real), master, time);
    socket = new ScriptedSocket(this::answer);
  }

  Path path() {
    return socket.socket();
  }

  void plan(Fault next) {
    number.set(0);
    longest.set(0);
    struck.set(false);
    fault.set(Optional.of(next));
  }

  /** Returns how many commands have come since. */
  int heal() {
    fault.set(Optional.empty());
    return number.getAndSet(0);
  }

  /** Returns how long the reply was that the fault struck. */
  int struck() {
    return longest.get();
  }

  /** Returns whether the fault has struck, and HAProxy has done by now what it was told. */
  boolean hasStruck() {
    return struck.get();
  }

  private String answer(String command) {
    int at = number.getAndIncrement();
    Fault now = fault.get().orElse(null);
    boolean strikes = now != null && (at == now.at() || now.lasting() && at > now.at());
    if (!strikes) {
      return pass(command);
    }
    String reply = now.executed() ? pass(command) : "";
    longest.set(reply.length());
    struck.set(true);
    return now.kept() < 0 ? null : reply.substring(0, Math.min(now.kept(), reply.length()));
  }

  private String pass(String command) {
    return real.exchange(command, true, time.deadline(RealHaproxy.LONG), ReplyLimit.TABLE);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    time.close();
  }
}
