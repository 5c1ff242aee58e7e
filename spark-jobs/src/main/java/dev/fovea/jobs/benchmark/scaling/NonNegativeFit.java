package dev.fovea.jobs.benchmark.scaling;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Least squares with coefficients of 0 or more, since none of them are times below zero. Tries
 * every set of terms that may be above 0, which is exact and quick for the few terms of a model.
 */
final class NonNegativeFit {
  private static final int MOST_TERMS = 8;

  private NonNegativeFit() {}

  /**
   * The coefficients.
   *
   * @param terms one row for each observation, of one value for each term
   * @param observed one value for each row
   */
  static double[] coefficients(double[][] terms, double[] observed) {
    int count = terms[0].length;
    if (count > MOST_TERMS) {
      throw new IllegalArgumentException("%d terms are more than %d".formatted(count, MOST_TERMS));
    }
    double[] best = new double[count];
    double least = squares(terms, observed, best);
    for (int set = 1; set < 1 << count; set++) {
      double[] candidate = solve(terms, observed, set, count);
      if (candidate != null && Arrays.stream(candidate).allMatch(each -> each >= 0)) {
        double squares = squares(terms, observed, candidate);
        // Fewer terms win where more of them explain nothing.
        if (squares < least * (1 - 1e-9)) {
          least = squares;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static double squares(double[][] terms, double[] observed, double[] coefficients) {
    double sum = 0;
    for (int row = 0; row < terms.length; row++) {
      double difference = observed[row] - value(terms[row], coefficients);
      sum += difference * difference;
    }
    return sum;
  }

  /** The model's value. */
  static double value(double[] terms, double[] coefficients) {
    double value = 0;
    for (int i = 0; i < terms.length; i++) {
      value += terms[i] * coefficients[i];
    }
    return value;
  }

  /** The normal equations of the terms in the set; null where they are not independent. */
  private static double[] solve(double[][] terms, double[] observed, int set, int count) {
    int[] chosen = IntStream.range(0, count).filter(i -> (set >> i & 1) == 1).toArray();
    int n = chosen.length;
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      for (double[] row : terms) {
        scale[i] = Math.max(scale[i], Math.abs(row[chosen[i]]));
      }
      if (scale[i] == 0) {
        return null;
      }
    }
    double[][] matrix = new double[n][n + 1];
    for (int row = 0; row < terms.length; row++) {
      for (int i = 0; i < n; i++) {
        double left = terms[row][chosen[i]] / scale[i];
        for (int j = 0; j < n; j++) {
          matrix[i][j] += left * terms[row][chosen[j]] / scale[j];
        }
        matrix[i][n] += left * observed[row];
      }
    }
    double[] solved = eliminate(matrix);
    if (solved == null) {
      return null;
    }
    double[] coefficients = new double[count];
    for (int i = 0; i < n; i++) {
      coefficients[chosen[i]] = solved[i] / scale[i];
    }
    return coefficients;
  }

  private static double[] eliminate(double[][] matrix) {
    int n = matrix.length;
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int row = column + 1; row < n; row++) {
        if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) {
          pivot = row;
        }
      }
      double[] swapped = matrix[column];
      matrix[column] = matrix[pivot];
      matrix[pivot] = swapped;
      if (Math.abs(matrix[column][column]) < 1e-9) {
        return null;
      }
      for (int row = 0; row < n; row++) {
        if (row != column) {
          double factor = matrix[row][column] / matrix[column][column];
          for (int i = column; i <= n; i++) {
            matrix[row][i] -= factor * matrix[column][i];
          }
        }
      }
    }
    double[] solved = new double[n];
    for (int i = 0; i < n; i++) {
      solved[i] = matrix[i][n] / matrix[i][i];
    }
    return solved;
  }
}
