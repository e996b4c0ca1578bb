package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.FrontDoorUnderTest;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A rendered HAProxy in front of one application of the contract. */
final class HaproxyFrontDoor implements FrontDoorUnderTest {
  /** What HAProxy can't pass, or can't keep from passing: the README says why. */
  static final Set<String> CANNOT_PASS = Set.of("fieldsBehindTheLastChunkSayNothingOfTheOrigin");

  private final URI address = URI.create("http://127.0.0.1:" + RealHaproxy.freePort());
  private final RealHaproxy haproxy = new RealHaproxy();

  /**
   * @param mode makes the router for a HAProxy
   */
  HaproxyFrontDoor(Function<RealHaproxy, HaproxyRouter> mode, Setup setup) {
    Service web =
        Service.named("web")
            .blue(setup.application())
            .green("http://127.0.0.1:1")
            .frontDoor(address.toString());
    RenderOptions options =
        setup.trustedProxies().isEmpty()
            ? RenderOptions.defaults()
            : RenderOptions.defaults()
                .trustedProxies(setup.trustedProxies().toArray(new String[0]));
    try (HaproxyRouter router = mode.apply(haproxy)) {
      RenderedHaproxy rendered = router.renderConfig(new Group("shop", List.of(web)), options);
      haproxy.config(setup.impatient() ? impatient(rendered) : rendered.haproxyCfg());
      haproxy.write("shop.map", rendered.map());
    }
    haproxy.start();
  }

  /** Makes each limit of less than some minutes a second. */
  private static String impatient(RenderedHaproxy rendered) {
    return rendered.haproxyCfg().replaceAll("(timeout [a-z-]+) \\d+s", "$1 1s");
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    haproxy.close();
  }
}
