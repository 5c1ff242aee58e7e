package dev.fovea.model.benchmark;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.engine.nd4j.Nd4jEngine;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The upscaler r4 C64 h2 N8 with batches of 4 pictures of 64 x 64 pixels: a mini-batch's gradient,
 * a whole optimiser step, and inference.
 *
 * <pre>
 * mvn -q test-compile exec:exec -pl model -Dexec.classpathScope=test -Dexec.executable=java \
 *   -Dexec.args="-cp %classpath org.openjdk.jmh.Main StepBenchmark -p threads=2"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 3, time = 4)
public class StepBenchmark {
  @Param("2")
  int threads;

  private Trainer trainer;
  private Upscaler upscaler;
  private INDArray low;
  private INDArray high;

  @Setup
  public void open() {
    UpscalerConfig config = new UpscalerConfig(BaseUpscaler.BICUBIC, 4, 64, 2, 8);
    ComputationGraph network =
        UpscalerGraph.initialised(
            UpscalerGraph.training(
                config, new LossConfig(ReconstructionLoss.L1, 0), AdafactorConfig.of(1e-2, -0.8)),
            1);
    Nd4jEngine engine = new Nd4jEngine();
    EngineOptions options = EngineOptions.cpu(threads);
    trainer = engine.openTrainer(network.getConfiguration(), options);
    trainer.restore(network.params(), network.getUpdater().getStateViewArray());
    upscaler = engine.openUpscaler(config, network.params(), options);
    low = Nd4j.rand(4, 3, 64, 64);
    high = Nd4j.rand(4, 3, 256, 256);
  }

  @Benchmark
  public void gradient() {
    trainer.accumulate(low, high);
  }

  @Benchmark
  public void step() {
    trainer.accumulate(low, high);
    trainer.step(1e-4, 1);
  }

  @Benchmark
  public void inference() {
    upscaler.upscale(low).close();
  }

  @TearDown
  public void close() {
    trainer.close();
    upscaler.close();
  }
}
