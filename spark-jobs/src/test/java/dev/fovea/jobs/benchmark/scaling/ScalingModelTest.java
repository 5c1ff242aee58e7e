package dev.fovea.jobs.benchmark.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.benchmark.scaling.ScalingModel.Network;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Cores;
import dev.fovea.jobs.benchmark.scaling.ScalingRow.Use;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingModelTest {
  private static final ScalingModel PLANTED =
      new ScalingModel(
          0.2,
          0.003,
          0.02,
          0.03,
          0.001,
          new double[] {0.02, 0.004, 0.0005},
          new double[] {0.05, 0.006, 0.002});
  private static final long MEGABYTES_16 = 16_000_000;

  private static ScalingRow row(Use use, int executors, int steps, long bytes, Cores cores) {
    return new ScalingRow(
        "C1 h1 N1",
        use,
        executors,
        1,
        steps,
        bytes,
        PLANTED.round(executors, steps, bytes, Network.NONE),
        PLANTED.spread(),
        1,
        1,
        -1,
        -1,
        cores);
  }

  private static List<ScalingRow> rows() {
    List<ScalingRow> rows = new ArrayList<>();
    for (int executors : new int[] {1, 2, 4, 8}) {
      rows.add(row(Use.TRAINING, executors, 16, 2_000_000, Cores.OWN));
      rows.add(row(Use.BYTES, executors, 1, 60_000_000, Cores.OWN));
    }
    return rows;
  }

  private static void assertPlanted(ScalingModel fitted) {
    assertThat(fitted.step()).isCloseTo(PLANTED.step(), within(1e-9));
    assertThat(fitted.data()).isCloseTo(PLANTED.data(), within(1e-9));
    assertThat(fitted.spread()).isCloseTo(PLANTED.spread(), within(1e-9));
    assertThat(fitted.rest()).isCloseTo(PLANTED.rest(), within(1e-9));
    assertThat(fitted.broadcast()).containsExactly(PLANTED.broadcast(), within(1e-7));
    assertThat(fitted.aggregate()).containsExactly(PLANTED.aggregate(), within(1e-7));
  }

  @Test
  void fitRecoversPlantedCoefficients() {
    assertPlanted(ScalingModel.fit(rows(), PLANTED.task()));
  }

  @Test
  void rowsWithoutCoresOfTheirOwnAreLeftOut() {
    List<ScalingRow> rows = rows();
    ScalingRow slow = row(Use.TRAINING, 16, 160, 90_000_000, Cores.SHARED);
    rows.add(slow);

    assertPlanted(ScalingModel.fit(rows, PLANTED.task()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 64, 512})
  void frequencyForNinetyPercentIsTheLeastThatGivesThem(int executors) {
    int frequency = PLANTED.frequencyFor(0.9, executors, MEGABYTES_16, Network.GIGABIT_25);

    assertThat(frequency).isGreaterThan(1);
    assertThat(efficiency(executors, frequency)).isGreaterThanOrEqualTo(0.9);
    assertThat(efficiency(executors, frequency - 1)).isLessThan(0.9);
  }

  private static double efficiency(int executors, int steps) {
    return PLANTED.efficiency(executors, steps, MEGABYTES_16, Network.GIGABIT_25);
  }

  @Test
  void noFrequencyHelpsAgainstWorkersThatDifferTooMuch() {
    ScalingModel uneven =
        new ScalingModel(0.2, 0, 0.2, 0, 0, new double[] {0, 0, 0}, new double[] {0, 0, 0});

    assertThat(uneven.frequencyFor(0.9, 512, 1_000_000, Network.GIGABIT_25)).isZero();
  }

  @Test
  void averagingStopsPayingWhereItsShareGrowsWithTheExecutors() {
    int half = PLANTED.largestWith(0.5, 16, MEGABYTES_16, Network.GIGABIT_25);
    int doubling = PLANTED.largestWorthDoubling(0.5, 16, MEGABYTES_16, Network.GIGABIT_25);

    assertThat(efficiency(half, 16)).isGreaterThanOrEqualTo(0.5);
    assertThat(efficiency(2 * half, 16)).isLessThan(0.5);
    assertThat(2 * efficiency(doubling, 16) / efficiency(doubling / 2, 16))
        .isGreaterThanOrEqualTo(1.5);
    assertThat(2 * efficiency(2 * doubling, 16) / efficiency(doubling, 16)).isLessThan(1.5);
  }

  @Test
  void moreBytesAndASlowerNetworkCostMore() {
    double few = PLANTED.round(64, 16, 1_000_000, Network.GIGABIT_25).seconds();
    double many = PLANTED.round(64, 16, 200_000_000, Network.GIGABIT_25).seconds();
    double slow = PLANTED.round(64, 16, 200_000_000, new Network(125e6, 4 << 20)).seconds();

    assertThat(many).isGreaterThan(few);
    // 200 MB take 1.6 s each of three ways over 1 Gb/s.
    assertThat(slow - many).isGreaterThan(4.0);
  }
}
