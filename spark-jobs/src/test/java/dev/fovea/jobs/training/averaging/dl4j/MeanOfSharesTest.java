package dev.fovea.jobs.training.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.training.averaging.dl4j.Pieces.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;

/** What comes of the workers' pieces is the mean in their order, whoever averages which pieces. */
class MeanOfSharesTest {
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Round(Pieces pieces, List<float[][]> workers, long[] samples) {
    static Round of(Random random, int workers) {
      long[] lengths = {1 + random.nextInt(200_000), 0, random.nextInt(900), 1};
      List<float[][]> vectors = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        vectors.add(
            Arrays.stream(lengths)
                .mapToObj(length -> noise(random, (int) length))
                .toArray(float[][]::new));
      }
      return new Round(
          Pieces.of(lengths),
          vectors,
          IntStream.range(0, workers).mapToLong(i -> 1 + random.nextInt(2000)).toArray());
    }

    private static float[] noise(Random random, int length) {
      float[] noise = new float[length];
      for (int i = 0; i < length; i++) {
        noise[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
      }
      return noise;
    }

    long allSamples() {
      return Arrays.stream(samples).sum();
    }

    List<Tuple2<ShareKey, Contribution>> contributions() {
      List<Tuple2<ShareKey, Contribution>> all = new ArrayList<>();
      for (int worker = 0; worker < workers.size(); worker++) {
        for (int number = 0; number < pieces.all().size(); number++) {
          Piece piece = pieces.all().get(number);
          float[] from = workers.get(worker)[piece.vector()];
          all.add(
              new Tuple2<>(
                  new ShareKey(number, worker),
                  new Share(
                      number,
                      samples[worker],
                      Arrays.copyOfRange(from, piece.from(), piece.from() + piece.length()))));
        }
      }
      return all;
    }

    /** As Spark does it: contributions arrive in any order, and each task sorts its own. */
    List<float[]> averagedBy(int tasks, Random arrival) {
      ShareKey.Dealer dealer = new ShareKey.Dealer(pieces.all().size(), tasks);
      List<Tuple2<ShareKey, Contribution>> arriving = contributions();
      Collections.shuffle(arriving, arrival);
      List<Share> means = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        int number = task;
        new MeanOfShares()
            .call(
                arriving.stream()
                    .filter(each -> dealer.getPartition(each._1()) == number)
                    .sorted(Comparator.comparing(Tuple2::_1))
                    .iterator())
            .forEachRemaining(mean -> means.add((Share) mean));
      }
      Collections.shuffle(means, arrival);
      return joined(pieces, means, allSamples()).stream().map(MeanOfSharesTest::values).toList();
    }

    float inWorkerOrder(int vector, int at) {
      double sum = 0;
      for (int worker = 0; worker < workers.size(); worker++) {
        sum += (double) samples[worker] * workers.get(worker)[vector][at];
      }
      return (float) (sum / allSamples());
    }
  }

  private static List<INDArray> joined(Pieces pieces, List<Share> means, long samples) {
    Joining joining = new Joining(pieces);
    means.forEach(mean -> joining.add(List.of(mean)));
    return joining.vectors(samples);
  }

  private static float[] values(INDArray vector) {
    return vector.isEmpty() ? new float[0] : vector.data().asFloat();
  }

  @Property(tries = 30)
  void meanIsTheSumInWorkerOrderToTheBitHoweverManyTasksAverage(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int workers) {
    Random random = new Random(seed);
    Round round = Round.of(random, workers);

    List<float[]> means = round.averagedBy(1 + random.nextInt(9), random);

    for (int vector = 0; vector < means.size(); vector++) {
      float[] mean = means.get(vector);
      float[] expected = new float[mean.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = round.inWorkerOrder(vector, i);
      }
      assertThat(mean).isEqualTo(expected);
    }
    assertThat(means).hasSize(4);
  }

  @Property(tries = 10)
  void meanOfEqualVectorsIsTheVectorToTheBit(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int workers) {
    Round round = Round.of(new Random(seed), 1);
    long[] samples = new Random(seed).longs(workers, 1, 1 << 29).toArray();
    Round equal =
        new Round(round.pieces(), Collections.nCopies(workers, round.workers().get(0)), samples);

    assertThat(equal.averagedBy(2, new Random(seed)))
        .usingRecursiveComparison()
        .isEqualTo(List.of(round.workers().get(0)));
  }

  @Property(tries = 10)
  void aPieceThatIsMissingOrLacksAWorkerIsRefused(@ForAll long seed) {
    Round round = Round.of(new Random(seed), 3);
    List<Share> means = new ArrayList<>();
    new MeanOfShares()
        .call(round.contributions().stream().sorted(Comparator.comparing(Tuple2::_1)).iterator())
        .forEachRemaining(mean -> means.add((Share) mean));

    assertThatThrownBy(
            () -> joined(round.pieces(), means.subList(1, means.size()), round.allSamples()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was not averaged");
    assertThatThrownBy(() -> joined(round.pieces(), means, round.allSamples() + 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of %d samples".formatted(round.allSamples() + 1));
  }
}
