package dev.fovea.jobs.support.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteOrderMarkTest {
  @Test
  void aMarkIsTakenOffTheBeginningAndNowhereElse() {
    assertThat(ByteOrderMark.stripped("\uFEFFa\uFEFF")).isEqualTo("a\uFEFF");
    assertThat(ByteOrderMark.stripped("a")).isEqualTo("a");
    assertThat(ByteOrderMark.stripped("\uFEFF{}".getBytes(UTF_8))).isEqualTo("{}".getBytes(UTF_8));
    assertThat(ByteOrderMark.stripped(new byte[] {1})).containsExactly(1);
  }
}
