package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.support.Uninterrupted;
import io.undertow.Undertow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** The open front doors of a group: listeners, threads, slots, and the table they route by. */
final class OpenFrontDoors implements AutoCloseable {
  private static final int FEWEST_THREADS = 2;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Group group;
  private final EmbeddedSettings settings;
  private final EmbeddedMeter meter;
  private final RoutingTable.InForce routing;
  private final XnioWorker worker;
  private final Map<String, ServiceSlots> slots = new HashMap<>();
  private final List<OpenFrontDoor> open = new ArrayList<>();

  private OpenFrontDoors(Group group, RoutingTable initial, EmbeddedSettings settings) {
    this.group = group;
    this.settings = settings;
    this.meter = new EmbeddedMeter(settings.time());
    this.routing = new RoutingTable.InForce(initial);
    this.worker = worker(group);
  }

  /** Listens for every routed service, or for none. */
  static OpenFrontDoors open(Group group, RoutingTable initial, EmbeddedSettings settings) {
    OpenFrontDoors doors = new OpenFrontDoors(group, initial, settings);
    try {
      group.routed().forEach(doors::listen);
      return doors;
    } catch (RuntimeException e) {
      doors.close();
      throw e;
    }
  }

  /** Refuses a group that can't be served. */
  static void check(Group group) {
    group.routed().forEach(OpenFrontDoors::check);
  }

  Group group() {
    return group;
  }

  EmbeddedMeter meter() {
    return meter;
  }

  RoutingTable table() {
    return routing.get();
  }

  /** Routes every request by this table, from now on. */
  void route(RoutingTable table) {
    routing.replace(table);
  }

  /** Returns the traffic of a slot; null for a background service, which has none. */
  @Nullable SlotTraffic traffic(Slot slot) {
    ServiceSlots both = slots.get(group.service(slot.service().name()).name());
    return both == null ? null : both.of(slot.color());
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      open.forEach(OpenFrontDoor::close);
      worker.shutdown();
      // A port is free when the thread that listens there has ended.
      Uninterrupted.call(
          () -> worker.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      worker.shutdownNow();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void listen(Service service) {
    ServiceSlots both =
        new ServiceSlots(traffic(service, Color.BLUE), traffic(service, Color.GREEN));
    slots.put(service.name(), both);
    URI door = service.frontDoor().orElseThrow();
    FrontDoor handler = new FrontDoor(service.name(), both, routing, settings, meter, door);
    try {
      open.add(new OpenFrontDoor(worker, door, handler, settings));
    } catch (IOException e) {
      throw cannotListen(service, door, e);
    }
  }

  private SlotTraffic traffic(Service service, Color color) {
    Slot slot = new Slot(group.name(), service, color);
    return new SlotTraffic(
        slot, meter.add(slot), service.endpoints(color).stream().map(Upstream::new).toList());
  }

  private static XnioWorker worker(Group group) {
    try {
      return Xnio.getInstance(Undertow.class.getClassLoader())
          .createWorker(
              OptionMap.builder()
                  .set(Options.WORKER_NAME, "bluegreen-" + group.name())
                  .set(
                      Options.WORKER_IO_THREADS,
                      Math.max(FEWEST_THREADS, Runtime.getRuntime().availableProcessors()))
                  .set(Options.WORKER_TASK_CORE_THREADS, 1)
                  .set(Options.WORKER_TASK_MAX_THREADS, 1)
                  .set(Options.THREAD_DAEMON, true)
                  .set(Options.TCP_NODELAY, true)
                  .getMap());
    } catch (IOException e) {
      throw new RouterException(
          "the embedded router can't start its threads: " + e.getMessage(), Effect.UNCHANGED, e);
    }
  }

  private static void check(Service service) {
    URI door =
        service
            .frontDoor()
            .orElseThrow(
                () ->
                    new RouterException(
                        "service "
                            + service
                            + ": no front door; the embedded router listens there, so name it with"
                            + " Service.frontDoor(\"http://127.0.0.1:8080\")",
                        Effect.UNCHANGED));
    List<URI> all = new ArrayList<>(service.endpoints(Color.BLUE));
    all.addAll(service.endpoints(Color.GREEN));
    all.add(door);
    for (URI address : all) {
      if (!"http".equals(address.getScheme())) {
        throw new RouterException(
            "service "
                + service
                + ": "
                + address
                + " is not plain http, and the embedded router speaks nothing else; give it an"
                + " http:// address, or use NginxRouter or HaproxyRouter",
            Effect.UNCHANGED);
      }
    }
  }

  private static RouterException cannotListen(Service service, URI door, IOException e) {
    return new RouterException(
        "service "
            + service
            + ": can't listen on "
            + door.getAuthority()
            + " ("
            + e.getMessage()
            + "); where another process of yours serves this group, close the manager there first;"
            + " otherwise end what holds port "
            + door.getPort()
            + ", or give the service another address with Service.frontDoor(...)",
        Effect.UNCHANGED,
        e);
  }
}
