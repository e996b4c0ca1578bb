package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationStatusTest {
  private static String with(String fence) {
    return "{\"format\":1,\"group\":\"shop\",\"mode\":\"live\",\"generation\":3,\"fence\":"
        + fence
        + ",\"deployment\":\"d\",\"green\":{\"web\":100},\"assigned\":[\"web\"]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "1000000000000000000"})
  void fenceIsRead(String fence) {
    assertThat(GenerationStatus.read(with(fence)).fence()).isEqualTo(Long.parseLong(fence));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "1000000000000000001", "9223372036854775807", "9223372036854775808"})
  void fenceThatNoManagerCanGoAboveIsRefused(String fence) {
    assertThatThrownBy(() -> GenerationStatus.read(with(fence)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fence");
  }
}
