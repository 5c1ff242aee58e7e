package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Phase;
import dev.fovea.jobs.training.averaging.RoundPlan;
import dev.fovea.jobs.training.averaging.StepPlan;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
  @Property(tries = 200)
  void runsAreContiguousAndDifferByOneStepAtMost(
      @ForAll @IntRange(min = 1, max = 50) int count,
      @ForAll @IntRange(min = 1, max = 9) int workers) {
    List<StepPlan> steps = NumberedSource.steps(count, 1, 1, 1);

    RoundPlan plan = RoundPlan.cut(steps, workers);

    assertThat(plan.runs().stream().flatMap(List::stream).toList()).isEqualTo(steps);
    assertThat(plan.runs()).hasSize(Math.min(workers, count));
    List<Integer> lengths = plan.runs().stream().map(List::size).toList();
    assertThat(lengths)
        .allMatch(
            length -> length == count / lengths.size() || length == count / lengths.size() + 1)
        .isSortedAccordingTo((a, b) -> b - a);
  }

  @Property(tries = 200)
  void descriptorIsAUriWithoutASchemeAndComesBackWhole(@ForAll long bits, @ForAll Phase phase)
      throws URISyntaxException {
    double learningRate = Math.abs(Double.longBitsToDouble(bits));
    Assume.that(learningRate > 0 && Double.isFinite(learningRate));
    double criticRate = phase == Phase.RECONSTRUCTION ? 0 : learningRate / 3;
    Assume.that(phase == Phase.RECONSTRUCTION || criticRate > 0);
    Instruction instruction = new Instruction(phase, learningRate, criticRate);
    StepPlan step =
        new StepPlan(
            1_234_567_890_123L,
            instruction,
            List.of(new BatchPlan(2, "3,17.0,5.1"), new BatchPlan(1, "")));

    List<String> lines = Descriptor.lines(List.of(step));

    assertThat(lines).hasSize(2);
    assertThat(new URI(lines.get(0)).getScheme()).isNull();
    assertThat(Descriptor.parse(lines.get(0)))
        .isEqualTo(new Descriptor(1_234_567_890_123L, instruction, 0, 2, "3,17.0,5.1"));
    assertThat(Descriptor.parse(lines.get(0)).endsStep()).isFalse();
    assertThat(Descriptor.parse(lines.get(1)).endsStep()).isTrue();
  }

  @Test
  void contentWithAColonIsRefused() {
    assertThatThrownBy(() -> new BatchPlan(1, "s3a://bucket/key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3a://bucket/key");
  }

  @Test
  void emptyRoundsAndNoWorkersAreRefused() {
    assertThatThrownBy(() -> RoundPlan.cut(List.of(), 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RoundPlan.cut(NumberedSource.steps(2, 1, 1, 1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }
}
