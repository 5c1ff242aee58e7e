package dev.fovea.model.benchmark;

import dev.fovea.model.graph.WeightNormConvolution;
import dev.fovea.model.graph.WeightNormConvolution.Activation;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One convolution of the upscaler, forward and backward, against DL4J's own layer: batch 4, 64 x 64
 * pixels, 3 x 3 kernel.
 *
 * <pre>
 * mvn -q test-compile exec:exec -pl model -Dexec.classpathScope=test -Dexec.executable=java \
 *   -Dexec.args="-cp %classpath org.openjdk.jmh.Main ConvolutionBenchmark"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class ConvolutionBenchmark {
  /** Whose layer. */
  public enum Whose {
    OURS,
    STOCK
  }

  @Param Whose layer;

  /** Channels in and out; the wider side of a block is followed or preceded by SiLU. */
  @Param({"64-128", "128-64"})
  String channels;

  private org.deeplearning4j.nn.api.Layer convolution;
  private INDArray input;
  private INDArray gradient;
  private LayerWorkspaceMgr workspaces;

  @Setup
  public void open() {
    int in = Integer.parseInt(channels.substring(0, channels.indexOf('-')));
    int out = Integer.parseInt(channels.substring(channels.indexOf('-') + 1));
    boolean silu = out > in;
    NeuralNetConfiguration conf =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .layer(layer == Whose.OURS ? ours(in, out, silu) : stock(in, out, silu))
            .build();
    conf.getLayer().setLayerName("convolution");
    long parameters = conf.getLayer().initializer().numParams(conf);
    convolution =
        conf.getLayer()
            .instantiate(
                conf, List.of(), 0, Nd4j.create(DataType.FLOAT, parameters), true, DataType.FLOAT);
    convolution.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, parameters));
    input = layer == Whose.OURS ? Nd4j.rand(4, 64, 64, in) : Nd4j.rand(4, in, 64, 64);
    gradient = layer == Whose.OURS ? Nd4j.rand(4, 64, 64, out) : Nd4j.rand(4, out, 64, 64);
    workspaces =
        LayerWorkspaceMgr.builder()
            .defaultWorkspace(
                "benchmark",
                WorkspaceConfiguration.builder().policyLearning(LearningPolicy.FIRST_LOOP).build())
            .build();
  }

  @Benchmark
  public double forwardAndBackward() {
    try (MemoryWorkspace workspace = workspaces.notifyScopeEntered(ArrayType.ACTIVATIONS)) {
      convolution.activate(input, true, workspaces);
      INDArray result = convolution.backpropGradient(gradient, workspaces).getSecond();
      return result.getDouble(0) + workspace.getCurrentSize();
    }
  }

  @Benchmark
  public double forward() {
    try (MemoryWorkspace workspace = workspaces.notifyScopeEntered(ArrayType.ACTIVATIONS)) {
      INDArray result = convolution.activate(input, true, workspaces);
      return result.getDouble(0) + workspace.getCurrentSize();
    }
  }

  private static org.deeplearning4j.nn.conf.layers.Layer ours(int in, int out, boolean silu) {
    return new WeightNormConvolution(in, out, 3, silu ? Activation.SILU : Activation.NONE);
  }

  private static org.deeplearning4j.nn.conf.layers.Layer stock(int in, int out, boolean silu) {
    return new ConvolutionLayer.Builder(3, 3)
        .nIn(in)
        .nOut(out)
        .convolutionMode(ConvolutionMode.Same)
        .activation(silu ? new ActivationSwish() : new ActivationIdentity())
        .build();
  }
}
