package dev.fovea.model.engine;

import dev.fovea.model.config.AdversarialTerm;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.UpscalerConfig;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Executes networks that are defined as DL4J graphs.
 *
 * <p>Parameters and updater state cross this border as DL4J's flat vectors, so that training,
 * averaging and checkpoints are the same for all engines. Engines are stateless and safe for use by
 * several threads; what they open is not.
 */
public interface Engine {
  /** The name in options, logs and provenance, such as {@code nd4j}. */
  String name();

  /**
   * Why this engine cannot run in this JVM on any device, such as natives that do not load; empty
   * if it can.
   */
  default Optional<String> obstacle() {
    return Optional.empty();
  }

  /** Whether it trains networks; one that does not is taken for inference alone. */
  default boolean trains() {
    return true;
  }

  /**
   * The number format in which networks opened here with these options convolve: the one they name,
   * or the one that {@link Precision#AUTO} stands for on this machine.
   *
   * @return fp32 or bf16
   * @throws DeviceUnavailableException if the device named cannot be used
   * @throws IllegalArgumentException if the engine lacks the number format named
   */
  Precision precision(EngineOptions options);

  /**
   * Opens a network for training.
   *
   * @param graph the network with its loss and its updaters, as {@code UpscalerGraph} builds it
   * @throws DeviceUnavailableException if the device named cannot be used
   * @throws UnsupportedOperationException if the engine does not train
   */
  Trainer openTrainer(ComputationGraphConfiguration graph, EngineOptions options);

  /**
   * Opens an upscaler and a critic for training against each other.
   *
   * @param upscaler the upscaler with its loss of stage 1 and its updaters, as {@code
   *     UpscalerGraph} builds it
   * @param critic the critic with its updaters, as {@code CriticGraph} builds it
   * @param term whether the upscaler learns from the critic
   * @throws DeviceUnavailableException if the device named cannot be used
   * @throws UnsupportedOperationException if the engine has no stage 2
   */
  default AdversarialTrainer openAdversarialTrainer(
      ComputationGraphConfiguration upscaler,
      ComputationGraphConfiguration critic,
      AdversarialTerm term,
      EngineOptions options) {
    throw new UnsupportedOperationException(
        "engine %s cannot train an upscaler against a critic".formatted(name()));
  }

  /**
   * Opens an upscaler for inference, its weight norm folded away.
   *
   * @param parameters the flat parameter vector of the upscaler's graph; copied
   * @throws DeviceUnavailableException if the device named cannot be used
   */
  Upscaler openUpscaler(UpscalerConfig config, INDArray parameters, EngineOptions options);
}
