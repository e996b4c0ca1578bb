package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx allows no '-' in a variable, but two names still never become the same variable. */
class NginxNamesTest {
  private static final List<String> NAMES =
      List.of(
          "a", "b", "a-b", "a_b", "a_-b", "a-_b", "a__b", "a_", "a__", "a-b-c", "a_b-c", "a-b_c");

  @TempDir Path temp;

  @Test
  void noTwoNamesBecomeOneVariable() {
    Set<String> variables = new HashSet<>();
    for (String group : NAMES) {
      for (String service : NAMES) {
        Service web = Service.named(service).blue("http://127.0.0.1:1").green("http://127.0.0.1:2");
        NginxNames naming = new NginxNames(new Group(group, List.of(web)));
        assertThat(naming.color(web)).matches("\\$[a-z0-9_]{1,200}");
        variables.add(naming.color(web));
        variables.add(naming.variable("key"));
      }
    }
    assertThat(variables).hasSize(NAMES.size() * NAMES.size() + NAMES.size());
  }

  @Test
  void namesWithoutAnUnderscoreStayAsTheyWere() {
    Service web = Service.named("web-a").blue("http://127.0.0.1:1").green("http://127.0.0.1:2");
    NginxNames naming = new NginxNames(new Group("my-shop", List.of(web)));
    assertThat(naming.color(web)).isEqualTo("$bg_my_shop__web_a");
    assertThat(naming.variable("key")).isEqualTo("$bgkey_my_shop");
  }

  @Test
  void servicesThatDifferInOneLineAreSwitchedApart() throws Exception {
    NginxRouter router = NginxRouter.live(RealNginx.open(temp).resolve("state"));
    try (NginxShop shop = new NginxShop("web-a", "web_a");
        RealNginx nginx = new RealNginx(router.renderConfig(shop.group).write());
        router) {
      router.open(shop.opening());
      router.apply(
          NginxShop.change(
              shop.all(Color.BLUE), shop.all(Color.BLUE).with("web_a", Color.GREEN, 100), 1, 1));
      assertThat(shop.ask("web_a")).isEqualTo("green");
      assertThat(shop.ask("web-a")).isEqualTo("blue");
      assertThat(nginx.workers()).isNotEmpty();
    }
  }
}
