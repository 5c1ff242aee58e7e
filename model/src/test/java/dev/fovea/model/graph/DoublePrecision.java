package dev.fovea.model.graph;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.CriticConfig;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.optim.Adafactor;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/** The networks in double precision, for checks of their gradients by finite differences. */
public final class DoublePrecision {
  private static final Adafactor ADAFACTOR = Adafactor.of(AdafactorConfig.of(1e-2, -0.8));

  private DoublePrecision() {}

  public static ComputationGraphConfiguration upscaler(UpscalerConfig config, LossConfig loss) {
    return UpscalerGraph.training(config, loss, ADAFACTOR, DataType.DOUBLE);
  }

  public static ComputationGraphConfiguration critic(CriticConfig config) {
    return CriticGraph.training(config, ADAFACTOR, DataType.DOUBLE);
  }
}
