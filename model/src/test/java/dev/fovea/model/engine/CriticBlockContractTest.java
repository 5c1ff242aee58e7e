package dev.fovea.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.model.golden.GoldenCriticBlock;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A block of the critic as every engine has to execute it, measured by PyTorch's. */
public abstract class CriticBlockContractTest {
  /** What an engine makes of a graph without a loss. All pictures are NCHW. */
  public interface Block extends AutoCloseable {
    /** A training-mode pass, forward and back. */
    Passed train(INDArray input, UnaryOperator<INDArray> outputGradient);

    /** An evaluation-mode pass. */
    INDArray evaluate(INDArray input);

    /** The flat parameter vector. */
    INDArray parameters();

    @Override
    void close();
  }

  /**
   * What a training-mode pass computed.
   *
   * @param gradient of the flat parameter vector
   */
  public record Passed(INDArray output, INDArray inputGradient, INDArray gradient) {}

  /** Opens a block with the network's parameters. */
  protected abstract Block open(ComputationGraph network);

  @ParameterizedTest
  @EnumSource
  void outputIsPyTorchs(GoldenCriticBlock golden) {
    try (Block block = open(golden.network())) {
      Passed passed = train(block, golden);
      assertThat(passed.output().shape()).isEqualTo(golden.output().shape());
      assertThat(relativeError(passed.output(), golden.output())).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyGradientIsPyTorchs(GoldenCriticBlock golden) {
    ComputationGraph network = golden.network();
    try (Block block = open(network)) {
      Passed passed = train(block, golden);
      assertThat(relativeError(passed.inputGradient(), golden.inputGradient())).isLessThan(1e-4);
      Map<String, INDArray> actual = byName(network, passed.gradient());
      golden
          .gradients()
          .forEach(
              (name, expected) ->
                  assertThat(relativeError(actual.get(name), expected)).as(name).isLessThan(1e-4));
      assertThat(golden.gradients()).hasSizeGreaterThanOrEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void runningStatisticsMoveAsPyTorchs(GoldenCriticBlock golden) {
    ComputationGraph network = golden.network();
    try (Block block = open(network)) {
      train(block, golden);
      Map<String, INDArray> actual = byName(network, block.parameters());
      golden
          .statistics()
          .forEach(
              (name, expected) ->
                  assertThat(relativeError(actual.get(name), expected)).as(name).isLessThan(1e-5));
      assertThat(golden.statistics()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void evaluationTakesTheRunningStatisticsAndLeavesThem(GoldenCriticBlock golden) {
    try (Block block = open(golden.network())) {
      train(block, golden);
      INDArray parameters = block.parameters();
      assertThat(relativeError(block.evaluate(golden.input()), golden.evaluatedOutput()))
          .isLessThan(1e-5);
      assertThat(block.parameters().data().asFloat()).isEqualTo(parameters.data().asFloat());
    }
  }

  private static Passed train(Block block, GoldenCriticBlock golden) {
    return block.train(golden.input(), output -> output.mul(2.0 / output.length()));
  }

  private static Map<String, INDArray> byName(ComputationGraph network, INDArray flat) {
    ComputationGraph copy = new ComputationGraph(network.getConfiguration().clone());
    copy.init(flat.dup().reshape(1, flat.length()), false);
    return copy.paramTable();
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.reshape('c', expected.shape()).sub(expected).norm2Number().doubleValue()
        / expected.norm2Number().doubleValue();
  }
}
