package dev.fovea.jobs.training.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.RoundPlan;
import dev.fovea.jobs.training.averaging.StepPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EpochPlanTest {
  /** Rows 0 to n - 1 in groups of the given size; row r has an area of (r + 1)^2 pixels. */
  private static TrainingRows rows(int n, int groupSize) {
    List<int[]> groups = new ArrayList<>();
    for (int from = 0; from < n; from += groupSize) {
      groups.add(IntStream.range(from, Math.min(n, from + groupSize)).toArray());
    }
    return new TrainingRows(groups, row -> (row + 1.0) * (row + 1.0));
  }

  private static EpochSettings uniform(long seed, int batchSize, int accumulation) {
    return new EpochSettings(seed, batchSize, accumulation, PictureWeight.UNIFORM);
  }

  private static List<StepPlan> allSteps(EpochPlan plan) {
    return plan.steps(0, plan.steps(), 0, step -> Instruction.reconstruction(0.1));
  }

  private static List<Integer> rowsOf(List<StepPlan> steps) {
    return contents(steps).stream().flatMap(batch -> Arrays.stream(batch.rows()).boxed()).toList();
  }

  private static List<BatchContent> contents(List<StepPlan> steps) {
    return steps.stream()
        .flatMap(step -> step.batches().stream())
        .map(BatchPlan::content)
        .map(BatchContent::parse)
        .toList();
  }

  @Property(tries = 300)
  void everyPictureIsPlannedExactlyOnceForAnyCut(
      @ForAll @IntRange(min = 1, max = 3) int workers,
      @ForAll @IntRange(min = 1, max = 41) int batches,
      @ForAll @IntRange(min = 1, max = 4) int accumulation,
      @ForAll @IntRange(min = 1, max = 4) int frequency,
      @ForAll long seed) {
    int pictures = 3 * (batches - 1) + 2;
    EpochPlan plan = EpochPlan.of(rows(pictures, 2), uniform(seed, 3, accumulation), 1);

    List<StepPlan> planned = new ArrayList<>();
    for (int done = 0; done < plan.steps(); done += workers * frequency) {
      int to = Math.min(plan.steps(), done + workers * frequency);
      RoundPlan round =
          RoundPlan.cut(
              plan.steps(done, to, 100, step -> Instruction.reconstruction(0.1)), workers);
      round.runs().forEach(planned::addAll);
    }

    assertThat(rowsOf(planned))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, pictures).boxed().toList());
    assertThat(contents(planned)).hasSize(batches);
    assertThat(planned).hasSize((batches + accumulation - 1) / accumulation);
  }

  @Test
  void onlyTheLastMiniBatchAndTheLastGroupAreIncomplete() {
    List<StepPlan> steps = allSteps(EpochPlan.of(rows(38, 5), uniform(0, 4, 3), 0));

    assertThat(steps).extracting(step -> step.batches().size()).containsExactly(3, 3, 3, 1);
    assertThat(steps).extracting(StepPlan::samples).containsExactly(12L, 12L, 12L, 2L);
  }

  @Test
  void workersShareAGlobalBatchThatTheyDoNotDivideToTheSample() {
    EpochSettings shared =
        new EpochSettings(0, 10, 1, PictureWeight.UNIFORM, EpochSettings.ALL_WORKERS).among(4);
    List<StepPlan> steps = allSteps(EpochPlan.of(rows(38, 5), shared, 0));

    assertThat(steps)
        .extracting(StepPlan::samples)
        .containsExactly(2L, 3L, 2L, 3L, 2L, 3L, 2L, 3L, 2L, 3L, 2L, 3L, 2L, 3L, 2L, 1L);
    assertThat(steps).hasSize(shared.stepsPerEpoch(38));
    assertThat(shared.largestBatch()).isEqualTo(3);
    assertThat(rowsOf(steps))
        .isEqualTo(rowsOf(allSteps(EpochPlan.of(rows(38, 5), uniform(0, 4, 1), 0))));
  }

  @Test
  void orderDependsOnSeedAndEpochAndOnNothingElse() {
    TrainingRows rows = rows(100, 10);
    List<Integer> order = rowsOf(allSteps(EpochPlan.of(rows, uniform(0, 8, 1), 0)));

    assertThat(rowsOf(allSteps(EpochPlan.of(rows(100, 10), uniform(0, 16, 2), 0))))
        .isEqualTo(order);
    assertThat(rowsOf(allSteps(EpochPlan.of(rows, uniform(1, 8, 1), 0)))).isNotEqualTo(order);
    assertThat(rowsOf(allSteps(EpochPlan.of(rows, uniform(0, 8, 1), 1)))).isNotEqualTo(order);
  }

  @Test
  void miniBatchesMixEightRowGroupsOrMoreWhileFewAreOpen() {
    int groupSize = 50;
    List<StepPlan> steps = allSteps(EpochPlan.of(rows(4000, groupSize), uniform(7, 64, 1), 3));

    for (BatchContent batch : contents(steps)) {
      assertThat(Arrays.stream(batch.rows()).map(row -> row / groupSize).distinct().count())
          .isGreaterThanOrEqualTo(batch.size() == 64 ? 8 : 1);
    }
    // 80 groups make ten windows of 8, used one after the other.
    List<Integer> order = rowsOf(steps);
    for (int window = 0; window < 10; window++) {
      Set<Integer> groups =
          order.subList(window * 400, (window + 1) * 400).stream()
              .map(row -> row / groupSize)
              .collect(Collectors.toSet());
      assertThat(groups).hasSize(8);
    }
  }

  @Test
  void windowsAreNeverLargerThanPromised() {
    // 15 groups are one window; two windows of 8 would need 16.
    List<Integer> order = rowsOf(allSteps(EpochPlan.of(rows(150, 10), uniform(3, 10, 1), 0)));

    assertThat(EpochPlan.LARGEST_WINDOW).isEqualTo(15);
    assertThat(order.subList(0, 75).stream().map(row -> row / 10).distinct())
        .as("groups in the first half")
        .hasSizeGreaterThan(12);
  }

  @ParameterizedTest
  @EnumSource(PictureWeight.class)
  void epochHasAsManySamplesAsPictures(PictureWeight weight) {
    EpochPlan plan = EpochPlan.of(rows(123, 10), new EpochSettings(5, 10, 1, weight), 2);

    assertThat(rowsOf(allSteps(plan))).hasSize(123);
    assertThat(plan.samples()).isEqualTo(123);
    assertThat(plan.steps()).isEqualTo(13);
  }

  @Property(tries = 100)
  void areaDrawsEveryPictureAsOftenAsItsShareRoundedDownOrUp(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int pictures) {
    EpochPlan plan =
        EpochPlan.of(rows(pictures, 7), new EpochSettings(seed, 4, 1, PictureWeight.AREA), 0);

    List<Integer> drawn = rowsOf(allSteps(plan));

    double total = pictures * (pictures + 1) / 2.0;
    for (int row = 0; row < pictures; row++) {
      double share = pictures * (row + 1) / total;
      int picture = row;
      assertThat(drawn.stream().filter(other -> other == picture).count())
          .isBetween((long) Math.floor(share - 1e-9), (long) Math.ceil(share + 1e-9));
    }
  }

  @Test
  void areaDrawsInProportionOverManyEpochs() {
    TrainingRows rows = rows(40, 7);
    int[] times = new int[40];
    for (int epoch = 0; epoch < 400; epoch++) {
      EpochPlan plan = EpochPlan.of(rows, new EpochSettings(0, 8, 1, PictureWeight.AREA), epoch);
      rowsOf(allSteps(plan)).forEach(row -> times[row]++);
    }

    for (int row = 0; row < 40; row++) {
      double expected = 400 * 40 * (row + 1) / 820.0;
      assertThat((double) times[row]).isCloseTo(expected, within(60.0));
    }
  }

  @Test
  void repeatedDrawsOfAPictureAreNumbered() {
    List<BatchContent> contents =
        contents(
            allSteps(EpochPlan.of(rows(30, 7), new EpochSettings(1, 8, 1, PictureWeight.AREA), 0)));

    Set<String> draws =
        contents.stream()
            .flatMap(
                batch ->
                    IntStream.range(0, batch.size())
                        .mapToObj(i -> batch.rows()[i] + "." + batch.draws()[i]))
            .collect(Collectors.toSet());
    assertThat(draws).hasSize(30).anyMatch(draw -> draw.endsWith(".1"));
  }

  @Test
  void stepsFromAPositionAreThoseOfTheWholeEpoch() {
    TrainingRows rows = rows(97, 10);
    EpochSettings settings = uniform(9, 4, 2);
    List<StepPlan> whole =
        EpochPlan.of(rows, settings, 4)
            .steps(0, 13, 52, step -> Instruction.reconstruction(1.0 / (step + 1)));

    List<StepPlan> resumed =
        EpochPlan.of(rows, settings, 4)
            .steps(5, 13, 52, step -> Instruction.reconstruction(1.0 / (step + 1)));

    assertThat(resumed).isEqualTo(whole.subList(5, 13));
    assertThat(resumed.get(0).number()).isEqualTo(58);
    assertThat(resumed.get(0).instruction().learningRate()).isEqualTo(1.0 / 58);
  }

  @Test
  void noPicturesAndStepsBeyondTheEpochAreRefused() {
    assertThatThrownBy(() -> EpochPlan.of(rows(0, 1), uniform(0, 1, 1), 0))
        .isInstanceOf(IllegalArgumentException.class);
    EpochPlan plan = EpochPlan.of(rows(4, 1), uniform(0, 2, 1), 0);
    assertThatThrownBy(() -> plan.steps(1, 3, 0, step -> Instruction.reconstruction(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
  }
}
