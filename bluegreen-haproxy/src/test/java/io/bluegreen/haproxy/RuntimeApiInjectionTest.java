package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that comes from a name can become a second command: it is refused before it is sent. */
class RuntimeApiInjectionTest {
  private static final Path MAP = Path.of("/etc/live.map");

  static String[] hostile() {
    return new String[] {
      "",
      " ",
      "a b",
      "a\tb",
      "a;b",
      "a\nb",
      "a\rb",
      "a\n",
      "a\\",
      "a\\;b",
      "#1",
      "a#",
      "a<<",
      "<<",
      "\"a\"",
      "'a'",
      "a,b",
      "a@1",
      "@1",
      "a|b",
      "a$b",
      "a%b",
      "a/b",
      "*",
      "a\u0000",
      "\u00e4",
      "a\u2028b",
      "x".repeat(256),
      "shop_blue/s1 weight 1;set server shop_green/s1 state maint;#",
      "blue;clear map /etc/live.map",
      "blue\ngreen"
    };
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileWordIsRefusedWhereverItStands(String word) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(command -> "\n")) {
      RuntimeApi api = socket.api();
      refused(() -> api.setMap(MAP, word, "1:1"));
      refused(() -> api.setMap(MAP, "web", word));
      refused(() -> api.addMap(MAP, word, "1:1"));
      refused(() -> api.addMap(MAP, "web", word));
      refused(() -> api.addMap(MAP, 1, Map.of(word, "1:1")));
      refused(() -> api.addMap(MAP, 1, Map.of("web", word)));
      refused(() -> api.mapValue(MAP, word));
      refused(() -> api.setWeight(word, "blue", 1));
      refused(() -> api.setWeight("shop", word, 1));
      refused(() -> api.setState(word, "blue", AdminState.MAINT));
      refused(() -> api.setState("shop", word, AdminState.MAINT));
      refused(() -> api.weight(word, "blue"));
      refused(() -> api.weight("shop", word));
      refused(() -> api.shutdownSessions(word, "blue"));
      refused(() -> api.shutdownSessions("shop", word));
      refused(() -> api.shutdownSession(word));
      refused(() -> api.servers(word));
      refused(() -> api.stats(word));
      assertThat(socket.received).isEmpty();
    }
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {"live.map", "/a b", "/a;b", "/a\nb", "/a\\b", "#0", "/a#b", "/a@1", "/<<"})
  void aHostilePathIsRefused(String path) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(command -> "\n")) {
      Path file = Path.of(path);
      refused(() -> socket.api().map(file));
      refused(() -> socket.api().map(file, 1));
      refused(() -> socket.api().setMap(file, "web", "1:1"));
      refused(() -> socket.api().addMap(file, "web", "1:1"));
      refused(() -> socket.api().prepareMap(file));
      refused(() -> socket.api().commitMap(file, 1));
      refused(() -> socket.api().mapValue(file, "web"));
      assertThat(socket.received).isEmpty();
    }
  }

  @Test
  void numbersOutsideTheirRangeAreRefused() throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(command -> "\n")) {
      refused(() -> socket.api().setWeight("shop", "blue", -1));
      refused(() -> socket.api().setWeight("shop", "blue", 257));
      refused(() -> socket.api().commitMap(MAP, -1));
      refused(() -> MasterApi.unix(socket.socket()).worker(0));
      assertThat(socket.received).isEmpty();
    }
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable command) {
    assertThatThrownBy(command).isInstanceOf(IllegalArgumentException.class);
  }
}
