package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.model.engine.NetworkState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The flat vectors of all networks, cut into pieces of at most {@value #LENGTH} numbers. Every
 * piece is averaged by itself, so that the tasks which do it can be few or many without a change of
 * a bit.
 *
 * @param lengths of the vectors
 * @param all in order
 */
record Pieces(List<Long> lengths, List<Piece> all) implements Serializable {
  static final int LENGTH = 1 << 16;

  /**
   * A run of numbers of a vector.
   *
   * @param vector the vector's number, see {@link Pieces#vectors}
   * @param from its first number
   * @param length how many
   */
  record Piece(int vector, int from, int length) implements Serializable {}

  Pieces {
    lengths = List.copyOf(lengths);
    all = List.copyOf(all);
  }

  /** The vectors of the networks in order: parameters, updater state, those of the next network. */
  static List<INDArray> vectors(List<NetworkState> networks) {
    return networks.stream()
        .flatMap(network -> Stream.of(network.parameters(), network.updaterState()))
        .toList();
  }

  /** Cuts vectors of the given lengths. */
  static Pieces of(long... lengths) {
    List<Piece> pieces = new ArrayList<>();
    for (int vector = 0; vector < lengths.length; vector++) {
      int length = Math.toIntExact(lengths[vector]);
      for (int from = 0; from < length; from += LENGTH) {
        pieces.add(new Piece(vector, from, Math.min(LENGTH, length - from)));
      }
    }
    return new Pieces(Arrays.stream(lengths).boxed().toList(), pieces);
  }
}
