package io.bluegreen.examples.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoProxy;
import io.bluegreen.examples.demo.HaproxyProxy;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.SwitchMode;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.RenderOptions;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A real proxy whose router keeps its files on a disk that can fail. */
enum RouterOnDisk {
  NGINX_LIVE {
    @Override
    Standing stand() throws Exception {
      return nginx(SwitchMode.LIVE);
    }
  },
  NGINX_RELOAD {
    @Override
    Standing stand() throws Exception {
      return nginx(SwitchMode.RELOAD);
    }
  },
  HAPROXY_MAP {
    @Override
    Standing stand() throws Exception {
      return haproxy(SwitchMode.MAP);
    }
  },
  HAPROXY_SERVER {
    @Override
    Standing stand() throws Exception {
      return haproxy(SwitchMode.SERVER);
    }
  };

  abstract Standing stand() throws Exception;

  private static Standing nginx(SwitchMode mode) throws Exception {
    Standing it = new Standing(new NginxProxy(mode, TimeSource.system()));
    it.router = it.proxy.start(it.group, it.disk.path(it.directory));
    return it;
  }

  private static Standing haproxy(SwitchMode mode) throws Exception {
    HaproxyProxy proxy = new HaproxyProxy(mode, RenderOptions.defaults(), TimeSource.system());
    Standing it = new Standing(proxy);
    proxy.start(it.group, it.directory).close();
    Path record = it.disk.path(proxy.record(it.group, it.directory));
    HaproxyRouter router =
        mode == SwitchMode.MAP
            ? HaproxyRouter.map(record, HaproxyProxy.admin(it.directory))
            : HaproxyRouter.server(record, HaproxyProxy.admin(it.directory))
                .configuration(it.directory.resolve("haproxy.cfg"));
    it.router = router.master(HaproxyProxy.master(it.directory));
    return it;
  }

  /** A proxy that runs, with the applications behind it. */
  static final class Standing implements AutoCloseable {
    private final DemoDirectory workplace = new DemoDirectory();
    private final Path directory = workplace.directory("proxy");
    private final List<Undertow> applications = new ArrayList<>();
    private final FaultyDisk disk = new FaultyDisk();
    private final HttpClient client = HttpClient.newHttpClient();
    private final DemoProxy proxy;
    private final Group group;
    private Router router;

    Standing(DemoProxy proxy) throws IOException {
      this.proxy = proxy;
      // The applications first: what is free before they listen may be what they get.
      Service web = service("web");
      Service api = service("api");
      List<Integer> doors = DemoDirectory.freePorts(2);
      this.group = new Group("shop", List.of(at(web, doors.get(0)), at(api, doors.get(1))));
    }

    Router router() {
      return router;
    }

    Group group() {
      return group;
    }

    FaultyDisk disk() {
      return disk;
    }

    /** Returns the split by what the front doors answer; all of a service's answers must agree. */
    TrafficSplit asked() throws Exception {
      Map<String, Integer> green = new TreeMap<>();
      for (Service service : group.routed()) {
        HttpRequest request = HttpRequest.newBuilder(service.frontDoor().orElseThrow()).build();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          answers.add(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
        assertThat(answers).containsOnly(answers.get(0));
        green.put(service.name(), answers.get(0).equals(Color.GREEN.toString()) ? 100 : 0);
      }
      return new TrafficSplit(green);
    }

    /** Returns the copies that were never renamed. */
    List<Path> leftovers() throws IOException {
      try (var files = Files.walk(directory)) {
        return files.filter(file -> file.toString().endsWith(".tmp")).toList();
      }
    }

    @Override
    public void close() throws IOException {
      router.close();
      proxy.close();
      applications.forEach(Undertow::stop);
      workplace.close();
    }

    private Service service(String name) {
      return Service.named(name).blue(application(Color.BLUE)).green(application(Color.GREEN));
    }

    private static Service at(Service service, int door) {
      return service.frontDoor("http://127.0.0.1:" + door);
    }

    private String application(Color color) {
      Undertow server =
          Undertow.builder()
              .addHttpListener(0, "127.0.0.1")
              .setIoThreads(1)
              .setWorkerThreads(1)
              .setHandler(exchange -> exchange.getResponseSender().send(color.toString()))
              .build();
      server.start();
      applications.add(server);
      InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      return "http://127.0.0.1:" + address.getPort();
    }
  }
}
