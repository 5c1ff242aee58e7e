package dev.fovea.jobs.training.epoch;

import dev.fovea.jobs.training.averaging.BatchPlan;
import dev.fovea.jobs.training.averaging.Instruction;
import dev.fovea.jobs.training.averaging.StepPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;

/**
 * The order in which an epoch uses its pictures: a function of rows, settings and epoch alone, so
 * that a run can be taken up anywhere in it.
 *
 * <p>Row groups are shuffled and dealt into windows of {@value #WINDOW} to {@value #LARGEST_WINDOW}
 * (fewer if there are no more); the rows of a window are shuffled together. So a mini-batch mixes
 * many groups, while a reader has to keep one window in memory. Immutable.
 */
public final class EpochPlan {
  /** Row groups that are shuffled together, at least. */
  static final int WINDOW = 8;

  /** Row groups that are shuffled together, at most. */
  public static final int LARGEST_WINDOW = 2 * WINDOW - 1;

  private final EpochSettings settings;
  private final int epoch;
  private final int[] rows;
  private final int[] draws;

  private EpochPlan(EpochSettings settings, int epoch, int[] rows, int[] draws) {
    this.settings = settings;
    this.epoch = epoch;
    this.rows = rows;
    this.draws = draws;
  }

  /**
   * Plans an epoch.
   *
   * @param pictures one or more
   * @param epoch counted from 0
   */
  public static EpochPlan of(TrainingRows pictures, EpochSettings settings, int epoch) {
    if (pictures.size() == 0) {
      throw new IllegalArgumentException("there are no pictures to train on");
    }
    // java.util.Random, because its numbers are specified to the bit.
    Random random = new Random(Seeds.mix(settings.seed(), epoch));
    List<int[]> groups = new ArrayList<>(pictures.groups());
    shuffle(groups, random);
    int[][] copies = copies(pictures, groups, settings.weight(), random);

    int[] rows = new int[pictures.size()];
    int[] draws = new int[rows.length];
    int windows = Math.max(1, groups.size() / WINDOW);
    int at = 0;
    for (int window = 0; window < windows; window++) {
      int start = at;
      int to = (int) ((long) groups.size() * (window + 1) / windows);
      for (int g = (int) ((long) groups.size() * window / windows); g < to; g++) {
        int[] group = groups.get(g);
        for (int i = 0; i < group.length; i++) {
          for (int draw = 0; draw < copies[g][i]; draw++) {
            rows[at] = group[i];
            draws[at++] = draw;
          }
        }
      }
      shuffle(rows, draws, start, at, random);
    }
    return new EpochPlan(settings, epoch, rows, draws);
  }

  private static int[][] copies(
      TrainingRows pictures, List<int[]> groups, PictureWeight weight, Random random) {
    return switch (weight) {
      case UNIFORM ->
          groups.stream()
              .map(
                  group -> {
                    int[] once = new int[group.length];
                    Arrays.fill(once, 1);
                    return once;
                  })
              .toArray(int[][]::new);
      case AREA -> systematic(pictures, groups, random);
    };
  }

  /**
   * Systematic sampling: as many draws as pictures, at equal distances along the sum of their
   * weights. A picture is drawn as often as its share says, rounded down or up. The order along the
   * sum is random, or neighbours of small weight would never be drawn together.
   */
  private static int[][] systematic(TrainingRows pictures, List<int[]> groups, Random random) {
    int[][] copies = new int[groups.size()][];
    int[] places = new int[pictures.size()];
    int[] groupsOf = new int[pictures.size()];
    int n = 0;
    double total = 0;
    for (int g = 0; g < copies.length; g++) {
      copies[g] = new int[groups.get(g).length];
      for (int i = 0; i < copies[g].length; i++) {
        groupsOf[n] = g;
        places[n++] = i;
        total += weight(pictures, groups.get(g)[i]);
      }
    }
    shuffle(groupsOf, places, 0, n, random);
    double offset = random.nextDouble();
    double sum = 0;
    int before = 0;
    for (int k = 0; k < n; k++) {
      sum += weight(pictures, groups.get(groupsOf[k])[places[k]]);
      int drawn = k == n - 1 ? n : Math.min(n, (int) Math.ceil(sum / total * n - offset));
      copies[groupsOf[k]][places[k]] = Math.max(0, drawn - before);
      before = Math.max(before, drawn);
    }
    return copies;
  }

  private static double weight(TrainingRows pictures, int row) {
    return Math.sqrt(pictures.area(row));
  }

  private static void shuffle(List<int[]> groups, Random random) {
    for (int i = groups.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int[] swapped = groups.get(i);
      groups.set(i, groups.get(j));
      groups.set(j, swapped);
    }
  }

  private static void shuffle(int[] a, int[] b, int from, int to, Random random) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int swapped = a[i];
      a[i] = a[j];
      a[j] = swapped;
      swapped = b[i];
      b[i] = b[j];
      b[j] = swapped;
    }
  }

  /** Optimiser steps. */
  public int steps() {
    return settings.stepsPerEpoch(rows.length);
  }

  /** Samples, as many as there are pictures. */
  public int samples() {
    return rows.length;
  }

  /**
   * The steps {@code from} to {@code to - 1} of the epoch; a run that is resumed asks for those
   * from its position on.
   *
   * @param from steps of the epoch that lie behind, 0 to {@code to}
   * @param to at most {@link #steps}
   * @param stepsBefore steps of the whole run before this epoch
   * @param instruction what a step does, from the number of the run's steps that lie behind it
   */
  public List<StepPlan> steps(
      int from, int to, long stepsBefore, LongFunction<Instruction> instruction) {
    if (from < 0 || from > to || to > steps()) {
      throw new IllegalArgumentException(
          "steps %d to %d are not among the epoch's %d".formatted(from, to, steps()));
    }
    List<StepPlan> plans = new ArrayList<>(to - from);
    for (int step = from; step < to; step++) {
      long behind = stepsBefore + step;
      plans.add(new StepPlan(behind + 1, instruction.apply(behind), batches(step)));
    }
    return plans;
  }

  private List<BatchPlan> batches(int step) {
    List<BatchPlan> batches = new ArrayList<>(settings.accumulation());
    long first = (long) step * settings.accumulation();
    for (int i = 0; i < settings.accumulation(); i++) {
      long begin = settings.samplesBefore(first + i);
      if (begin < rows.length) {
        int end = (int) Math.min(rows.length, settings.samplesBefore(first + i + 1));
        BatchContent content =
            new BatchContent(
                epoch,
                Arrays.copyOfRange(rows, (int) begin, end),
                Arrays.copyOfRange(draws, (int) begin, end));
        batches.add(new BatchPlan(content.size(), content.text()));
      }
    }
    return batches;
  }
}
