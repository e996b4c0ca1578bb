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

/**
 * The routers of the matrix: the proxy that runs beside the hosts, and the router that each host is
 * given.
 */
enum Routing {
  NGINX_LIVE,
  NGINX_RELOAD,
  HAPROXY_MAP,
  /** Does not promise that nothing is stale. */
  HAPROXY_SERVER,
  /** Dies with its host. */
  EMBEDDED;

  /** Returns the proxy, not started. */
  DemoProxy proxy(TimeSource time) {
    return switch (this) {
      case NGINX_LIVE, NGINX_RELOAD -> nginx(time);
      case HAPROXY_MAP, HAPROXY_SERVER -> haproxy(time);
      case EMBEDDED -> (group, directory) -> EmbeddedRouter.create();
    };
  }

  /** Returns one more router for the proxy that was started in a directory by another process. */
  Router router(Group group, Path directory, String privateDoor, TimeSource time) throws Exception {
    return switch (this) {
      case NGINX_LIVE, NGINX_RELOAD -> nginx(time).router(group, directory, privateDoor);
      case HAPROXY_MAP, HAPROXY_SERVER -> haproxy(time).router(group, directory);
      case EMBEDDED -> EmbeddedRouter.create();
    };
  }

  /** Returns whether no request may reach a colour that was switched away from. */
  boolean neverStale() {
    return this != HAPROXY_SERVER;
  }

  /** Returns whether users are served while no host runs. */
  boolean outlivesItsHost() {
    return this != EMBEDDED;
  }

  /** Returns how a proxy is made to switch. */
  SwitchMode mode() {
    return switch (this) {
      case NGINX_LIVE -> SwitchMode.LIVE;
      case NGINX_RELOAD -> SwitchMode.RELOAD;
      case HAPROXY_MAP -> SwitchMode.MAP;
      case HAPROXY_SERVER -> SwitchMode.SERVER;
      case EMBEDDED -> throw new IllegalStateException("there is no choice");
    };
  }

  private NginxProxy nginx(TimeSource time) {
    return new NginxProxy(mode(), time);
  }

  private HaproxyProxy haproxy(TimeSource time) {
    return new HaproxyProxy(mode(), RenderOptions.defaults(), time);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
