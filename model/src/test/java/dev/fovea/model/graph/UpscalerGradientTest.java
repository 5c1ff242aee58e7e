package dev.fovea.model.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class UpscalerGradientTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "BILINEAR, 2, 1, MSE, 0.5",
    "BICUBIC, 4, 2, L1, 0.1",
    "BICUBIC, 2, 4, MSE, 0",
    "BILINEAR, 8, 1, L1, 1"
  })
  void everyParametersGradientIsTheSlopeOfTheLoss(
      BaseUpscaler base, int ratio, int hiddenRatio, ReconstructionLoss loss, double tvPenalty) {
    UpscalerConfig config = new UpscalerConfig(base, ratio, 3, hiddenRatio, 1);
    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                config, new LossConfig(loss, tvPenalty), new NoOp(), DataType.DOUBLE),
            3);
    // Wide enough for the clamp to act.
    INDArray low = random(1, 2, 3, 4, 3).muli(1.2).subi(0.1);
    DataSet pictures = new DataSet(low, random(2, 2, 3, 4 * ratio, 3 * ratio));
    network.setInputs(pictures.getFeatures());
    network.setLabels(pictures.getLabels());
    network.computeGradientAndScore();
    network
        .gradient()
        .gradientForVariable()
        .forEach((name, gradient) -> check(network, pictures, name, gradient));
  }

  /** Compares up to ten elements, spread over the parameter. */
  private static void check(
      ComputationGraph network, DataSet pictures, String name, INDArray gradient) {
    INDArray parameter = network.getParam(name);
    long stride = Math.max(1, parameter.length() / 10) | 1;
    double difference = 0;
    double norm = 0;
    for (long i = 0; i < parameter.length(); i += stride) {
      double value = parameter.getDouble(i);
      parameter.putScalar(i, value + STEP);
      double above = network.score(pictures, true);
      parameter.putScalar(i, value - STEP);
      double below = network.score(pictures, true);
      parameter.putScalar(i, value);
      difference += Math.pow((above - below) / (2 * STEP) - gradient.getDouble(i), 2);
      norm += Math.pow(gradient.getDouble(i), 2);
    }
    assertThat(norm).as(name).isPositive();
    assertThat(Math.sqrt(difference / norm)).as(name).isLessThan(1e-6);
  }

  private static INDArray random(long seed, int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    return Nd4j.createFromArray(new Random(seed).doubles(length).toArray()).reshape('c', shape);
  }
}
