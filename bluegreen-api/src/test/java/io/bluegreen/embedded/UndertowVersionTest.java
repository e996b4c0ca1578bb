package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bluegreen.RouterException;
import io.bluegreen.support.OptionalLibrary;
import io.undertow.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UndertowVersionTest {
  @Test
  void versionInTheDocumentationIsProved() {
    assertThat(UndertowVersion.PROVEN)
        .contains(Version.getVersionString())
        .anyMatch(OptionalLibrary.UNDERTOW.coordinates()::endsWith);
    UndertowVersion.PROVEN.forEach(v -> assertThat(UndertowVersion.judge(v)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3.17.Final", "2.2.37.Final", "1.4.28.Final", "2.3.0.Alpha1"})
  void olderVersionIsRefusedWithTheRemedy(String version) {
    assertThatExceptionOfType(RouterException.class)
        .isThrownBy(() -> UndertowVersion.judge(version))
        .withMessageContaining(version)
        .withMessageContaining(OptionalLibrary.UNDERTOW.coordinates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.3.19.Final", "2.4.99.Final", "3.0.0.Final", "Unknown"})
  void versionThatNobodyProvedIsAWarningWithTheRemedy(String version) {
    assertThat(UndertowVersion.judge(version).orElseThrow())
        .asString()
        .contains(version, "2.4.4.Final", OptionalLibrary.UNDERTOW.coordinates());
  }
}
