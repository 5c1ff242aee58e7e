package dev.fovea.jobs.training.averaging;

import dev.fovea.model.engine.Engine;
import dev.fovea.model.engine.EngineOptions;
import dev.fovea.model.engine.NetworkState;
import dev.fovea.model.engine.StepFigures;
import dev.fovea.model.engine.Trainer;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Trains one upscaler by its distance to the originals. */
public final class ReconstructionProcedure implements Procedure<StepFigures> {
  private static final long serialVersionUID = 1;

  private final String graph;

  /**
   * For one network.
   *
   * @param graph the network with its loss and its updaters, as {@code UpscalerGraph} builds it
   */
  public ReconstructionProcedure(ComputationGraphConfiguration graph) {
    this.graph = graph.toJson();
  }

  @Override
  public Learner<StepFigures> open(Engine engine, EngineOptions options, double maxGradientNorm) {
    Trainer trainer = engine.openTrainer(ComputationGraphConfiguration.fromJson(graph), options);
    return new Learner<>() {
      @Override
      public void restore(List<NetworkState> networks) {
        trainer.restore(networks.get(0).parameters(), networks.get(0).updaterState());
      }

      @Override
      public void train(Batch batch, Instruction instruction, Place place) {
        trainer.accumulate(batch.lowResolution(), batch.highResolution());
        if (place == Place.ENDS_STEP) {
          trainer.step(instruction.learningRate(), maxGradientNorm);
        }
      }

      @Override
      public List<StepFigures> drain() {
        return trainer.drain();
      }

      @Override
      public List<NetworkState> networks() {
        return List.of(new NetworkState(trainer.parameters(), trainer.updaterState()));
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }

  @Override
  public boolean finite(StepFigures figures) {
    return figures.finite();
  }

  @Override
  public String describe(StepFigures figures) {
    return "reconstruction loss %s, total variation %s, gradient norm %s"
        .formatted(figures.reconstruction(), figures.totalVariation(), figures.gradientNorm());
  }

  @Override
  public double score(StepFigures figures) {
    return figures.reconstruction();
  }
}
