package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.Phase;
import dev.fovea.jobs.training.averaging.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mini-batch's place in its step as the line that DL4J hands to the loader. DL4J reads it as a
 * {@code java.net.URI}; without a colon it has no scheme and means the default file system, which
 * nobody asks for anything.
 *
 * @param step the step's number in the run
 * @param instruction the step's
 * @param batch the mini-batch's place in its step, from 0
 * @param batches mini-batches of the step
 * @param content what the source makes it of
 */
record Descriptor(long step, Instruction instruction, int batch, int batches, String content) {
  private static final Pattern LINE =
      Pattern.compile(
          "step=(\\d+);phase=([a-z-]+);lr=([^;]+);critic-lr=([^;]+);batch=(\\d+);of=(\\d+);(.*)");

  static List<String> lines(List<StepPlan> steps) {
    List<String> lines = new ArrayList<>();
    for (StepPlan step : steps) {
      int size = step.batches().size();
      for (int i = 0; i < size; i++) {
        lines.add(
            new Descriptor(
                    step.number(), step.instruction(), i, size, step.batches().get(i).content())
                .line());
      }
    }
    return lines;
  }

  static Descriptor parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'%s' is not a mini-batch of %s".formatted(line, LINE));
    }
    return new Descriptor(
        Long.parseLong(parts.group(1)),
        new Instruction(
            Phase.of(parts.group(2)),
            Double.parseDouble(parts.group(3)),
            Double.parseDouble(parts.group(4))),
        Integer.parseInt(parts.group(5)),
        Integer.parseInt(parts.group(6)),
        parts.group(7));
  }

  String line() {
    return "step=%s;phase=%s;lr=%s;critic-lr=%s;batch=%s;of=%s;%s"
        .formatted(
            step,
            instruction.phase().id(),
            instruction.learningRate(),
            instruction.criticLearningRate(),
            batch,
            batches,
            content);
  }

  boolean endsStep() {
    return batch == batches - 1;
  }
}
