package dev.fovea.jobs.doctor;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.config.BaseUpscaler;
import dev.fovea.model.config.Device;
import dev.fovea.model.config.LossConfig;
import dev.fovea.model.config.Precision;
import dev.fovea.model.config.ReconstructionLoss;
import dev.fovea.model.config.UpscalerConfig;
import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.Engines;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.model.graph.UpscalerGraph;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whether the engines compute, found out by having them upscale a small picture. */
final class EngineCheck {
  private static final String VECTOR = "vector";
  private static final List<String> NAMES = List.of("torch", "nd4j", VECTOR);
  private static final UpscalerConfig SMALL = new UpscalerConfig(BaseUpscaler.BICUBIC, 2, 4, 1, 1);

  private EngineCheck() {}

  static List<Finding> all(Device device, List<Gpu> gpus) {
    List<Finding> findings = new ArrayList<>();
    boolean one = false;
    for (String name : NAMES) {
      Finding finding = trial(name, device.kind() == Device.Kind.CPU ? device : Device.AUTO);
      one |= Engines.named(name).trains() && finding.state() == Finding.State.OK;
      findings.add(finding);
    }
    if (one) {
      // The others are a choice, not a need.
      findings.replaceAll(
          finding ->
              finding.state() == Finding.State.FAILED
                  ? Finding.note(finding.subject(), finding.found(), finding.advice())
                  : finding);
    }
    if (device.kind() == Device.Kind.CUDA) {
      findings.add(onGpu(device));
    } else if (device.kind() == Device.Kind.AUTO && !gpus.isEmpty()) {
      Finding gpu = onGpu(new Device(Device.Kind.CUDA, 0));
      findings.add(
          gpu.state() == Finding.State.OK
              ? gpu
              : Finding.note(gpu.subject(), gpu.found(), gpu.advice()));
    }
    return findings;
  }

  /** One engine on the GPU is enough; where none computes, what keeps torch from it counts. */
  private static Finding onGpu(Device device) {
    Finding torch = trial("torch", device);
    if (torch.state() == Finding.State.OK) {
      return torch;
    }
    Finding nd4j = trial("nd4j", device);
    return nd4j.state() == Finding.State.OK ? nd4j : torch;
  }

  private static Finding trial(String name, Device device) {
    boolean gpu = device.kind() == Device.Kind.CUDA;
    String subject = "engine " + name + (gpu ? " on " + device : "");
    String advice =
        gpu
            ? "mvn -Pcuda package, with CUDA 13, cuDNN 9 and a driver of 580 or later on the host"
            : name.equals(VECTOR)
                ? "nothing needs it; on a processor with vectors of 256 bits, start by submit/fovea,"
                    + " or with java @conf/java-options"
                : "take a platform with natives (see the README), or rebuild: mvn package";
    try {
      Engine engine = Engines.named(name);
      if (engine.obstacle().isPresent()) {
        return Finding.failed(subject, engine.obstacle().get(), advice);
      }
      INDArray parameters = parameters();
      EngineOptions options = new EngineOptions(device, Precision.AUTO, 1, false);
      String precision = engine.precision(options).id();
      try (Upscaler upscaler = engine.openUpscaler(SMALL, parameters, options);
          INDArray low = Nd4j.zeros(DataType.FLOAT, 1, 3, 8, 8);
          INDArray high = upscaler.upscale(low.addi(0.5))) {
        double mean = high.meanNumber().doubleValue();
        return mean >= 0 && mean <= 1
            ? Finding.ok(subject, "computes in " + precision)
            : Finding.failed(subject, "computed a picture of mean " + mean, advice);
      }
    } catch (RuntimeException | LinkageError e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return Finding.failed(subject, reason, advice);
    }
  }

  private static INDArray parameters() {
    return UpscalerGraph.initialised(
            UpscalerGraph.training(
                SMALL, new LossConfig(ReconstructionLoss.MSE, 0), AdafactorConfig.of(1e-2, -0.8)),
            1)
        .params();
  }
}
