package dev.fovea.jobs.benchmark.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.training.averaging.RoundResult;
import dev.fovea.jobs.training.averaging.WorkerReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundPartsTest {
  @Test
  void partsOfARoundAddUpToIt() {
    RoundResult<String> round =
        new RoundResult<>(
            List.of("", ""),
            List.of(
                new WorkerReport(0, 1, 8, 4.0, 0.5, 0.25),
                new WorkerReport(1, 1, 8, 5.0, 0.5, 0.25)),
            7.0,
            0.1);

    // Tasks ran 4.7 s on average, of which workers took 4.5; training ended 6 s after the start.
    RoundParts parts = RoundParts.of(round, 1_000_000, new StageTimes.Round(1_006_000, 4.7));

    assertThat(parts.computing()).isCloseTo(3.75, within(1e-9));
    assertThat(parts.waitingForData()).isCloseTo(0.5, within(1e-9));
    assertThat(parts.broadcasting()).isCloseTo(0.1 + 0.25, within(1e-9));
    assertThat(parts.aggregating()).isCloseTo(0.2 + 1.0, within(1e-9));
    assertThat(parts.waitingForOthers()).isCloseTo(1.2, within(1e-9));
    assertThat(parts.seconds()).isCloseTo(7.0, within(1e-9));
  }

  @Test
  void medianTakesEachPartByItselfAndKeepsTheMedianRoundsLength() {
    RoundParts median =
        RoundParts.median(
            List.of(
                new RoundParts(1, 1, 1, 1, 1),
                new RoundParts(2, 1, 1, 1, 1),
                new RoundParts(9, 5, 1, 1, 20)));

    assertThat(median).isEqualTo(new RoundParts(2, 1, 1, 1, 1));
  }
}
