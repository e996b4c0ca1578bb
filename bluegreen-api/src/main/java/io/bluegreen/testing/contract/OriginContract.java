package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.support.ForwardedHeaders;
import io.bluegreen.testing.contract.PassingScene.Asked;
import io.bluegreen.testing.contract.PassingScene.Door;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What an application is told of where a request came from, by the rule of {@link
 * ForwardedHeaders}. Part of {@link PassingContract}.
 */
public interface OriginContract {
  @Test
  default void applicationIsToldWhereARequestCameFrom(PassingScene scene) throws IOException {
    requireOrigin(scene, Door.USUAL);
    requireOrigin(scene, Door.TRUSTING);
  }

  @Test
  default void clientCanNotSayWhereItComesFrom(PassingScene scene) throws IOException {
    String[] lies = {
      "X-Forwarded-For: 6.6.6.6",
      "x-FORWARDED-for: 6.6.6.6, 6.6.6.7",
      "X-Forwarded-Proto: evil",
      "x-forwarded-proto: evil",
      "X-Forwarded-Host: evil",
      "X-Forwarded-Port: 666",
      "X-FORWARDED-PORT: 666",
      "Forwarded: for=6.6.6.6;host=evil",
      "forwarded: for=6.6.6.6"
    };
    requireOrigin(scene, Door.USUAL, lies);
    requireOrigin(scene, Door.TRUSTING, lies);
  }

  @Test
  default void headersThatAreSpelledWithUnderscoresAreNoWayAround(PassingScene scene)
      throws IOException {
    String[] lies = {
      "X_Forwarded_For: 6.6.6.6",
      "X_Forwarded-For: 6.6.6.6",
      "x-forwarded_for: 6.6.6.6",
      "X_FORWARDED_PROTO: evil",
      "X-Forwarded_Host: evil",
      "X_Forwarded_Port: 666",
      "X_Real_IP: 6.6.6.6"
    };
    requireOrigin(scene, Door.USUAL, lies);
    // Nor does a trusted proxy know of such a header, so that a client must have sent it.
    assertThat(told(scene, Door.TRUSTING, PassingScene.TRUSTED, lies).fields())
        .noneMatch(OriginContract::isALie);
  }

  @Test
  default void headersOfTheirKindPassFromNobody(PassingScene scene) throws IOException {
    String[] lies =
        ForwardedHeaders.OTHERS.stream().map(name -> name + ": evil").toArray(String[]::new);
    requireOrigin(scene, Door.USUAL, lies);
    assertThat(told(scene, Door.TRUSTING, PassingScene.TRUSTED, lies).fields())
        .noneMatch(OriginContract::isALie);
  }

  @Test
  default void fieldsBehindTheLastChunkSayNothingOfTheOrigin(PassingScene scene)
      throws IOException {
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client()) {
      client.write("POST /up HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.write(SampleText.chunk("body") + "0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    assertThat(scene.get(received).fields()).noneMatch(OriginContract::isALie);
    assertThat(scene.get(received).trailers()).noneMatch(OriginContract::isALie);
  }

  @Test
  default void trustedProxyIsBelievedAndItsChainGoesOn(PassingScene scene) throws IOException {
    WireMessage received =
        told(
            scene,
            Door.TRUSTING,
            PassingScene.TRUSTED,
            "X-Forwarded-For: 203.0.113.7",
            "X-Forwarded-For: 198.51.100.2",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example",
            "X-Forwarded-Port: 443",
            "Forwarded: for=203.0.113.7;proto=https;host=shop.example");
    assertThat(received.value("X-Forwarded-For"))
        .isEqualTo("203.0.113.7, 198.51.100.2, " + PassingScene.TRUSTED);
    assertThat(received.values("X-Forwarded-Proto")).containsExactly("https");
    assertThat(received.values("X-Forwarded-Host")).containsExactly("shop.example");
    assertThat(received.values("X-Forwarded-Port")).containsExactly("443");
    assertThat(received.value("Forwarded"))
        .isEqualTo(
            "for=203.0.113.7;proto=https;host=shop.example, for="
                + PassingScene.TRUSTED
                + ";proto=http");
  }

  @Test
  default void whatATrustedProxyDoesNotSayIsNotMadeUp(PassingScene scene) throws IOException {
    WireMessage received = told(scene, Door.TRUSTING, PassingScene.TRUSTED);
    assertThat(received.values("X-Forwarded-For")).containsExactly(PassingScene.TRUSTED);
    assertThat(received.values("Forwarded"))
        .containsExactly("for=" + PassingScene.TRUSTED + ";proto=http");
    assertThat(received.values("X-Forwarded-Proto")).isEmpty();
    assertThat(received.values("X-Forwarded-Host")).isEmpty();
    assertThat(received.values("X-Forwarded-Port")).isEmpty();
  }

  /** Asks as somebody who is not trusted, who says this of the origin. */
  private static void requireOrigin(PassingScene scene, Door door, String... said)
      throws IOException {
    WireMessage received = told(scene, door, PassingScene.UNTRUSTED, said);
    String port = Integer.toString(scene.door(door).address().getPort());
    assertThat(received.fields()).noneMatch(OriginContract::isALie);
    assertThat(received.values("Host")).containsExactly("shop:81");
    assertThat(received.values("X-Forwarded-For")).containsExactly(PassingScene.UNTRUSTED);
    assertThat(received.values("X-Forwarded-Proto")).containsExactly("http");
    assertThat(received.values("X-Forwarded-Host")).containsExactly("shop:81");
    assertThat(received.values("X-Forwarded-Port")).containsExactly(port);
    assertThat(received.values("Forwarded"))
        .containsExactly("for=" + PassingScene.UNTRUSTED + ";proto=http");
  }

  /** Returns the request that reaches the application. */
  private static WireMessage told(PassingScene scene, Door door, String from, String... said)
      throws IOException {
    Asked<WireMessage> received = scene.answering(SampleText.answer("taken"));
    try (Wire client = scene.client(door, from)) {
      client.write("GET / HTTP/1.1\r\nHost: shop:81\r\n");
      for (String field : said) {
        client.write(field + "\r\n");
      }
      client.write("\r\n");
      assertThat(client.message().body()).isEqualTo("taken");
    }
    return scene.get(received);
  }

  private static boolean isALie(String field) {
    return Stream.of("6.6.6", "evil", "666").anyMatch(field::contains);
  }
}
