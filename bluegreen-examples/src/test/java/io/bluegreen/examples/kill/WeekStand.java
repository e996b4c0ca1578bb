package io.bluegreen.examples.kill;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.container.Container;
import io.bluegreen.examples.container.ProxyInContainer;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.NginxProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the proxy of a first week runs: a week does not care how it is started and reached. */
interface WeekStand {
  /** Returns a proxy that is not started, with what it can do. */
  Started proxy(TimeSource time) throws Exception;

  /** Returns whether users are served while no manager is open. */
  boolean outlivesItsManager();

  /** Returns whether no request may reach a colour that was switched away from. */
  boolean neverStale();

  /** Returns all stands that there are, those with a proxy on this machine first. */
  static List<WeekStand> all() {
    List<WeekStand> stands = new ArrayList<>();
    for (Routing routing : Routing.values()) {
      stands.add(new OnThisMachine(routing));
    }
    for (Routing routing : Routing.values()) {
      if (routing.outlivesItsHost()) {
        stands.add(new InContainer(routing));
      }
    }
    return stands;
  }

  /** The proxy of one week. */
  interface Started extends AutoCloseable {
    /**
     * Starts the proxy, which sends all traffic to production as somebody has set it long ago.
     *
     * @param directory for everything that it writes
     * @return the router for a manager, not opened
     */
    Router start(Group group, Path directory, Color production) throws Exception;

    /** Returns the host at which its users reach it. */
    String host();

    /** Returns what the router can't promise, once it is started. */
    Set<RouterGuarantee> lacks();

    @Override
    void close();
  }

  /**
   * Sets all traffic to a colour, as somebody did long ago who left no record; closes the router.
   */
  private static void switched(Router router, Group group, Color production) throws Exception {
    try (router) {
      router.open(new Router.Opening(group, Optional.empty(), 0));
      router.apply(
          new Switch(
              TrafficSplit.all(group, production.other()),
              TrafficSplit.all(group, production),
              1,
              "long-ago",
              1,
              Duration.ofSeconds(30)));
    }
  }

  /** A proxy on this machine, or in this process. Immutable. */
  record OnThisMachine(Routing routing) implements WeekStand {
    @Override
    public Started proxy(TimeSource time) {
      DemoProxy proxy = routing.proxy(time);
      return new Started() {
        @Override
        public Router start(Group group, Path directory, Color production) throws Exception {
          Router router = proxy.start(group, directory);
          if (production == Color.BLUE) {
            return router;
          }
          switched(router, group, production);
          String door = proxy instanceof NginxProxy nginx ? nginx.status() : "none";
          return routing.router(group, directory, door, time);
        }

        @Override
        public String host() {
          return "127.0.0.1";
        }

        @Override
        public Set<RouterGuarantee> lacks() {
          return proxy.lacks();
        }

        @Override
        public void close() {
          proxy.close();
        }
      };
    }

    @Override
    public boolean outlivesItsManager() {
      return routing.outlivesItsHost();
    }

    @Override
    public boolean neverStale() {
      return routing.neverStale();
    }

    @Override
    public String toString() {
      return routing.toString();
    }
  }

  /** A proxy in a container, with paths, addresses and processes of its own. Immutable. */
  record InContainer(Routing routing) implements WeekStand {
    @Override
    public Started proxy(TimeSource time) throws Exception {
      Container container = new Container();
      ProxyInContainer proxy = new ProxyInContainer(routing.mode(), container);
      return new Started() {
        @Override
        public Router start(Group group, Path directory, Color production) throws Exception {
          Router router = proxy.start(group, directory);
          if (production == Color.BLUE) {
            return router;
          }
          switched(router, group, production);
          return proxy.router(group, directory);
        }

        @Override
        public String host() {
          return container.address();
        }

        @Override
        public Set<RouterGuarantee> lacks() {
          return proxy.lacks();
        }

        @Override
        public void close() {
          try (container) {
            proxy.close();
          }
        }
      };
    }

    @Override
    public boolean outlivesItsManager() {
      return true;
    }

    @Override
    public boolean neverStale() {
      return routing.neverStale();
    }

    @Override
    public String toString() {
      return routing + " in a container";
    }
  }
}
