package dev.fovea.model.engine.torch;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.AdversarialTrainer;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Trainer;
import dev.fovea.model.engine.Upscaler;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Executes the networks with LibTorch: on the CPU, or on NVIDIA GPUs with the natives for CUDA on
 * the class path. Convolutions in fp32 or bf16; parameters, optimiser and loss always in fp32.
 *
 * <p>Automatic precision is bf16 on CUDA, and on a CPU that multiplies it natively (AVX512-BF16,
 * AMX); else fp32. On CPUs of one kind, equal numbers of threads give equal bits.
 */
public final class TorchEngine implements Engine {
  private static final String NAME = "torch";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> obstacle() {
    return Natives.obstacle();
  }

  @Override
  public Precision precision(EngineOptions options) {
    return TorchDevice.of(options.device()).numbers(options.precision()).precision();
  }

  @Override
  public Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options) {
    return new TorchTrainer(graph, TorchDevice.of(options.device()), options);
  }

  @Override
  public AdversarialTrainer openAdversarialTrainer(
      ComputationGraphConfiguration upscaler,
      ComputationGraphConfiguration critic,
      AdversarialTerm term,
      EngineOptions options) {
    return new TorchAdversarialTrainer(
        upscaler, critic, term, TorchDevice.of(options.device()), options);
  }

  @Override
  public Upscaler openUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options) {
    return new TorchUpscaler(config, parameters, TorchDevice.of(options.device()), options);
  }
}
