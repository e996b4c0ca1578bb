package io.bluegreen.examples.kill;

import io.bluegreen.Color;
import io.bluegreen.Slot;
import io.bluegreen.StateStore;
import io.bluegreen.Switch;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Wraps the seams, so that the parent hears of every call of the engine, and stops at one of the
 * calls, to be killed there. A method that a seam gets later is counted at once.
 */
final class ReportedCalls {
  /** Calls that change nothing; every other one counts as one that does. */
  private static final Set<String> READS =
      Set.of(
          "current",
          "listens",
          "adoptable",
          "plan",
          "inFlight",
          "measures",
          "meter",
          "state",
          "load",
          "holder",
          "signals",
          "held",
          "isPointOfNoReturn");

  private final PrintStream parent;
  private final Semaphore goOn;
  private final Path acting;
  private final SavedState saved = new SavedState();
  private final Map<String, Integer> counts = new TreeMap<>();
  private volatile KillPoint halt = new KillPoint("", 0, KillPoint.Position.BEFORE);

  /**
   * @param goOn is released by the parent when the users' ledger knows of a switch
   * @param acting a file that is there while one of the hosts acts
   */
  ReportedCalls(PrintStream parent, Semaphore goOn, Path acting) {
    this.acting = acting;
    this.parent = parent;
    this.goOn = goOn;
  }

  /** Counts again from here on, and stands still at this point when it comes. */
  synchronized void begin(KillPoint point) {
    counts.clear();
    halt = point;
  }

  /** Returns a seam whose every call is told of. */
  <T> T counted(Class<T> seam, String label, T target) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getDeclaringClass() == Object.class
                ? method.invoke(target, arguments)
                : call(label, target, method, arguments == null ? new Object[0] : arguments);
    return seam.cast(Proxy.newProxyInstance(seam.getClassLoader(), new Class<?>[] {seam}, handler));
  }

  private Object call(String label, Object target, Method method, Object[] arguments)
      throws Throwable {
    String detail = "";
    String name = label + "." + method.getName();
    if (method.getName().equals("save")) {
      byte[] document = (byte[]) arguments[0];
      name += " " + saved.told(document);
      detail = SavedState.digest(document);
      arguments = new Object[] {document, ((Wrapped) arguments[1]).real()};
    } else if (arguments.length == 1 && arguments[0] instanceof Switch change) {
      detail =
          change.from().share("web", Color.GREEN) + " " + change.to().share("web", Color.GREEN);
    } else if (arguments.length > 0 && arguments[0] instanceof Slot slot) {
      detail = slot.toString();
    }
    boolean reads = READS.contains(method.getName());
    int occurrence = count(name);
    KillPoint point = halt;
    boolean here = point.call().equals(name) && point.occurrence() == occurrence;
    if (here && point.position() == KillPoint.Position.BEFORE) {
      standStill();
    }
    tell(reads ? "?" : ">", name, occurrence, detail);
    if (name.equals("router.apply")) {
      goOn.acquire();
    }
    if (here && point.position() == KillPoint.Position.INSIDE) {
      tell("@", name, occurrence, "");
    }
    Object result = null;
    Throwable failure = null;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      failure = e.getCause();
    }
    if (here && point.position() == KillPoint.Position.INSIDE) {
      new CountDownLatch(1).await(); // It was quicker than the parent.
    }
    if (!reads) {
      tell(failure == null ? "<" : "!", name, occurrence, failure == null ? "" : "" + failure);
    }
    if (here) {
      standStill();
    }
    if (failure != null) {
      throw failure;
    }
    return result instanceof StateStore.Lease lease ? wrapped(lease) : result;
  }

  private synchronized int count(String name) {
    return counts.merge(name, 1, Integer::sum);
  }

  private void standStill() throws InterruptedException {
    tell("@", "", 0, "");
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        continue; // The engine's own limits are no way out.
      }
    }
  }

  private void tell(String mark, String name, int occurrence, String detail) {
    parent.print(
        mark + "\t" + name + "\t" + occurrence + "\t" + detail.replaceAll("\\s+", " ") + "\n");
    parent.flush();
  }

  /** Between here and {@link Wrapped#close} there may be nobody else. */
  private StateStore.Lease wrapped(StateStore.Lease real) throws IOException {
    try {
      Files.createFile(acting);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalStateException("two act at once", e);
    }
    return new Wrapped(real, counted(StateStore.Lease.class, "lease", real), acting);
  }

  /** A lease whose calls are told of, and which the store knows again. */
  private record Wrapped(StateStore.Lease real, StateStore.Lease counted, Path acting)
      implements StateStore.Lease {
    @Override
    public boolean held() {
      return counted.held();
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(acting);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      counted.close();
    }
  }
}
