package dev.fovea.pictures.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PictureThroughputTest {
  @ParameterizedTest
  @EnumSource(Chain.class)
  void countsFinishedPictures(Chain chain) throws IOException, InterruptedException {
    List<byte[]> files = BenchmarkPictures.small().subList(0, 1);
    PictureThroughput.Figures figures =
        PictureThroughput.measure(files, chain, 2, Duration.ofMillis(300));
    assertThat(figures.pictures()).isPositive();
    assertThat(figures.seconds()).isGreaterThanOrEqualTo(0.3);
    assertThat(figures.cpuSeconds()).isPositive().isLessThan(2 * figures.seconds() + 0.1);
    assertThat(figures.perSecondAndThread()).isEqualTo(figures.perSecond() / 2);
  }

  @Test
  void aPictureThatCannotBeReadIsNamedForWhatItIs() {
    assertThatThrownBy(
            () ->
                PictureThroughput.measure(
                    List.of(new byte[0]), Chain.DECODE, 1, Duration.ofMillis(10)))
        .isInstanceOf(RejectedPictureException.class)
        .hasMessage("the file is empty");
  }
}
