package com.example.deploy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;

/** A registry with two services that run in both colours, and clients that ask it. */
final class RegistryUnderTest implements ProxyUnderTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Backends backends = new Backends("web", "shop");
  private final Group group = new Group("consumer", List.of(service("web"), service("shop")));
  private final Registry registry;

  RegistryUnderTest(Path folder) {
    registry = new Registry(group, folder.resolve("registry.json"));
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Router router() {
    return new RegistryRouter(registry, group);
  }

  @Override
  public Client client(String service, boolean keepAlive) {
    return new Client() {
      @Override
      public Color request() throws IOException {
        URI endpoint = URI.create(registry.lookUp(service) + "/");
        try {
          return Color.of(
              HTTP.send(HttpRequest.newBuilder(endpoint).build(), BodyHandlers.ofString()).body());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Held hold(String service) throws IOException {
    return backends.hold(URI.create(registry.lookUp(service)));
  }

  @Override
  public void moveByHand(String service, Color to) throws IOException {
    Registry.Entry now = registry.running().orElseThrow();
    registry.replace(
        new Registry.Entry(now.split().with(service, to, 100), now.generation(), now.fence()));
  }

  @Override
  public void goDown() {
    registry.stop();
  }

  @Override
  public void restart() {
    registry.stop();
    registry.start();
  }

  @Override
  public void close() {
    backends.close();
  }

  private Service service(String name) {
    return Service.named(name)
        .blue(backends.endpoint(name, Color.BLUE))
        .green(backends.endpoint(name, Color.GREEN));
  }
}
