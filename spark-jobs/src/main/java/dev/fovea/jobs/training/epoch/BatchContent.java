package dev.fovea.jobs.training.epoch;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The samples of a mini-batch as a plan's content says them: {@code 3,17.0,5.1} is epoch 3, the
 * first draw of row 17 and the second draw of row 5.
 *
 * @param epoch counted from 0
 * @param rows numbers in the shard index
 * @param draws how many times the epoch drew the row before, 0 for most
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record BatchContent(int epoch, int[] rows, int[] draws) {
  static BatchContent parse(String content) {
    String[] parts = content.split(",", -1);
    String[][] samples =
        Arrays.stream(parts, 1, parts.length)
            .map(sample -> sample.split("\\.", -1))
            .toArray(String[][]::new);
    return new BatchContent(
        Integer.parseInt(parts[0]),
        Arrays.stream(samples).mapToInt(sample -> Integer.parseInt(sample[0])).toArray(),
        Arrays.stream(samples).mapToInt(sample -> Integer.parseInt(sample[1])).toArray());
  }

  String text() {
    return epoch
        + ","
        + IntStream.range(0, rows.length)
            .mapToObj(i -> rows[i] + "." + draws[i])
            .collect(Collectors.joining(","));
  }

  int size() {
    return rows.length;
  }
}
