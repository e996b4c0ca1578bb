package io.bluegreen.examples.kill;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.TimeSource;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.HaproxyProxy;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.haproxy.RenderOptions;
import java.nio.file.Path;
import java.util.Locale;

/** The routers of the matrix: what runs beside the hosts, and what each host is given. */
enum Routing {
  NGINX_LIVE(true) {
    @Override
    DemoProxy proxy(TimeSource time) {
      return new NginxProxy(SwitchMode.LIVE, time);
    }

    @Override
    Router router(Group group, Path directory, String status, TimeSource time) throws Exception {
      return new NginxProxy(SwitchMode.LIVE, time).router(group, directory, status);
    }
  },
  NGINX_RELOAD(true) {
    @Override
    DemoProxy proxy(TimeSource time) {
      return new NginxProxy(SwitchMode.RELOAD, time);
    }

    @Override
    Router router(Group group, Path directory, String status, TimeSource time) throws Exception {
      return new NginxProxy(SwitchMode.RELOAD, time).router(group, directory, status);
    }
  },
  HAPROXY_MAP(true) {
    @Override
    DemoProxy proxy(TimeSource time) {
      return haproxy(SwitchMode.MAP, time);
    }

    @Override
    Router router(Group group, Path directory, String status, TimeSource time) {
      return haproxy(SwitchMode.MAP, time).router(group, directory);
    }
  },
  /** Does not promise that nothing is stale. */
  HAPROXY_SERVER(false) {
    @Override
    DemoProxy proxy(TimeSource time) {
      return haproxy(SwitchMode.SERVER, time);
    }

    @Override
    Router router(Group group, Path directory, String status, TimeSource time) {
      return haproxy(SwitchMode.SERVER, time).router(group, directory);
    }
  },
  /** Dies with its host. */
  EMBEDDED(true) {
    @Override
    DemoProxy proxy(TimeSource time) {
      return (group, directory) -> EmbeddedRouter.create();
    }

    @Override
    Router router(Group group, Path directory, String status, TimeSource time) {
      return EmbeddedRouter.create();
    }
  };

  private final boolean neverStale;

  Routing(boolean neverStale) {
    this.neverStale = neverStale;
  }

  /** Returns the proxy, not started. */
  abstract DemoProxy proxy(TimeSource time);

  /** Returns one more router for the proxy that was started in a directory by another process. */
  abstract Router router(Group group, Path directory, String status, TimeSource time)
      throws Exception;

  /** Returns whether no request may reach a colour that was switched away from. */
  boolean neverStale() {
    return neverStale;
  }

  /** Returns whether users are served while no host runs. */
  boolean outlivesItsHost() {
    return this != EMBEDDED;
  }

  private static HaproxyProxy haproxy(SwitchMode mode, TimeSource time) {
    return new HaproxyProxy(mode, RenderOptions.defaults(), time);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
