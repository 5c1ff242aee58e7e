package dev.fovea.model.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.model.config.AdafactorConfig;
import dev.fovea.model.golden.NpzFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;

class AdafactorTest {
  /** The recorded runs of torch.optim.Adafactor, ten steps each. */
  enum Run {
    DEFAULT("adafactor_default.npz", new AdafactorConfig(0.01, -0.8, 1e-3, 1, 0)),
    DECAY("adafactor_decay.npz", new AdafactorConfig(0.005, -0.5, 1e-3, 1, 0.01)),
    SMALL_CLIP("adafactor_small_clip.npz", new AdafactorConfig(0.01, -0.8, 1e-3, 2, 0));

    private final String file;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final AdafactorConfig config;

    Run(String file, AdafactorConfig config) {
      this.file = file;
      this.config = config;
    }
  }

  private static final List<String> PARAMETERS = List.of("conv_v", "conv_g", "bias", "matrix");

  @ParameterizedTest
  @EnumSource
  void followsPyTorchForTenSteps(Run run) {
    NpzFile golden = NpzFile.golden(run.file);
    for (String name : PARAMETERS) {
      NpzFile.Values start = golden.get("step0." + name);
      Adafactor config = Adafactor.of(run.config).forParameter(name, start.shape());
      INDArray parameter = Nd4j.createFromArray(start.elements());
      INDArray state = Nd4j.create(DataType.FLOAT, config.stateSize(parameter.length()));
      AdafactorUpdater updater = config.instantiate(state, true);
      for (int step = 1; step <= 10; step++) {
        INDArray update = Nd4j.createFromArray(golden.get("grad" + step + "." + name).elements());
        updater.applyUpdater(update, 0, 0);
        config.parameterScaling().apply(parameter, update, run.config.learningRate(), 0, 0);
        parameter.subi(update);
        assertThat(relativeError(parameter, golden.get("step" + step + "." + name)))
            .as("%s after step %d", name, step)
            .isLessThan(1e-6);
      }
      assertThat(state.getDouble(0)).as("steps counted").isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsPyTorchThroughDl4jsUpdaterBlocks(Run run) {
    NpzFile golden = NpzFile.golden(run.file);
    ComputationGraph graph = graph(run.config);
    ComputationGraphUpdater updater = graph.getUpdater();
    assertThat(updater.getUpdaterBlocks()).as("one block per parameter").hasSize(5);
    graph.params().assign(0);
    graph.getFlattenedGradients().assign(0);
    parameters(graph).forEach((name, part) -> assign(part.getParamView(), golden, "step0." + name));

    for (int step = 1; step <= 10; step++) {
      String prefix = step + ".";
      parameters(graph)
          .forEach((name, part) -> assign(part.getGradView(), golden, "grad" + prefix + name));
      update(graph);
      parameters(graph)
          .forEach(
              (name, part) ->
                  assertThat(relativeError(part.getParamView(), golden.get("step" + prefix + name)))
                      .as("%s after step %s", name, prefix)
                      .isLessThan(1e-6));
    }
  }

  @Test
  void resumesFromACopyOfItsFlatState() {
    NpzFile golden = NpzFile.golden("adafactor_default.npz");
    NpzFile.Values shape = golden.get("step0.conv_v");
    Adafactor config = Adafactor.of(Run.DEFAULT.config).forParameter("v", shape.shape());
    INDArray first = Nd4j.create(DataType.FLOAT, config.stateSize(shape.elements().length));
    AdafactorUpdater uninterrupted = config.instantiate(first, true);
    uninterrupted.applyUpdater(gradient(golden, 1), 0, 0);
    AdafactorUpdater resumed = config.instantiate(first.dup(), false);

    INDArray expected = gradient(golden, 2);
    uninterrupted.applyUpdater(expected, 0, 0);
    INDArray actual = gradient(golden, 2);
    resumed.applyUpdater(actual, 0, 0);

    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void aMeanOfStepCountsIsReadAsAWholeNumber() {
    Adafactor config = Adafactor.of(Run.DEFAULT.config).forParameter("b", 3);
    INDArray state = Nd4j.createFromArray(6.9999995f, 0, 0, 0);
    config.instantiate(state, false).applyUpdater(Nd4j.createFromArray(1f, 2f, 3f), 0, 0);
    assertThat(state.getDouble(0)).isEqualTo(8);
  }

  @Test
  void theLearningRateOfAStepReachesEveryBlock() {
    ComputationGraph graph = graph(Run.DEFAULT.config);
    LearningRate.set(graph.getUpdater(), 0);
    graph.getFlattenedGradients().assign(1);
    INDArray before = graph.params().dup();
    update(graph);
    assertThat(graph.params()).isEqualTo(before);
  }

  @Test
  void aGraphWithAdafactorSurvivesJson() {
    ComputationGraphConfiguration configuration = graph(Run.DECAY.config).getConfiguration();
    ComputationGraphConfiguration copy =
        ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(copy).isEqualTo(configuration);
    ComputationGraph graph = new ComputationGraph(copy);
    graph.init();
    assertThat(graph.getUpdater().getUpdaterBlocks()).hasSize(5);
  }

  @Test
  void theLayoutNamesEveryElementOfTheState() {
    Adafactor kernel = Adafactor.of(Run.DEFAULT.config).forParameter("v", 8, 4, 3, 3);
    assertThat(kernel.layout())
        .containsExactly(
            new StateSlice("step", 0, List.of()),
            new StateSlice("row_variance", 1, List.of(8L, 4L, 3L, 1L)),
            new StateSlice("column_variance", 97, List.of(8L, 4L, 1L, 3L)));
    assertThat(kernel.stateSize(288)).isEqualTo(193);
    Adafactor bias = Adafactor.of(Run.DEFAULT.config).forParameter("b", 8);
    assertThat(bias.layout())
        .containsExactly(
            new StateSlice("step", 0, List.of()), new StateSlice("variance", 1, List.of(8L)));
  }

  @Test
  void misuseIsRefusedByName() {
    Adafactor settings = Adafactor.of(Run.DEFAULT.config);
    assertThatThrownBy(() -> settings.stateSize(3)).hasMessageContaining("getUpdaterByParam");
    Adafactor bias = settings.forParameter("encoder.0.conv1.b", 3);
    assertThatThrownBy(() -> bias.stateSize(4)).hasMessageContaining("encoder.0.conv1.b has 4");
    assertThatThrownBy(() -> bias.instantiate(Nd4j.create(DataType.FLOAT, 8), true))
        .hasMessageContaining("has 8 elements, not 4");
    assertThatThrownBy(() -> bias.setLrAndSchedule(-1, null)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> bias.setLrAndSchedule(1, new FixedSchedule(1)))
        .hasMessageContaining("schedule");
    assertThatThrownBy(() -> settings.forParameter("v", 8, 0)).hasMessageContaining("[8, 0]");
  }

  private static INDArray gradient(NpzFile golden, int step) {
    return Nd4j.createFromArray(golden.get("grad" + step + ".conv_v").elements());
  }

  private static double relativeError(INDArray actual, NpzFile.Values expected) {
    INDArray reference = Nd4j.createFromArray(expected.elements());
    return actual.distance2(reference) / reference.norm2Number().doubleValue();
  }

  private static void assign(INDArray view, NpzFile golden, String name) {
    view.assign(Nd4j.createFromArray(golden.get(name).elements()));
  }

  private static void update(ComputationGraph graph) {
    Gradient gradient = new DefaultGradient(graph.getFlattenedGradients());
    graph.getUpdater().update(gradient, 0, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    graph.params().subi(gradient.gradient());
  }

  /** The parameters of the graph that have golden values, by the names of those. */
  private static Map<String, UpdaterBlock.ParamState> parameters(ComputationGraph graph) {
    Map<String, String> goldenNames =
        Map.of("conv_W", "conv_v", "conv_b", "bias", "gain_W", "conv_g", "dense_W", "matrix");
    Map<String, UpdaterBlock.ParamState> result = new LinkedHashMap<>();
    for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
      UpdaterBlock.ParamState part = block.getLayersAndVariablesInBlock().get(0);
      String name = part.getLayer().getConfig().getLayerName() + "_" + part.getParamName();
      if (goldenNames.containsKey(name)) {
        result.put(goldenNames.get(name), part);
      }
    }
    assertThat(result).hasSize(goldenNames.size());
    return result;
  }

  private static ComputationGraph graph(AdafactorConfig config) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .miniBatch(false)
                .updater(Adafactor.of(config))
                .graphBuilder()
                .addInputs("picture", "grey", "vector")
                .addLayer("conv", new AdafactorConvolution(4, 8, 3, true), "picture")
                .addLayer("gain", new AdafactorConvolution(1, 8, 1, false), "grey")
                .addLayer("dense", new AdafactorDense(7, 5), "vector")
                .setOutputs("conv", "gain", "dense")
                .build());
    graph.init();
    return graph;
  }

  /** DL4J's convolution with Adafactor, as any layer has to be made to use it. */
  public static final class AdafactorConvolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1;

    AdafactorConvolution() {}

    AdafactorConvolution(int in, int out, int kernel, boolean bias) {
      super(new Builder(kernel, kernel).nIn(in).nOut(out).hasBias(bias));
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
      long[] shape =
          name.equals("b")
              ? new long[] {nOut}
              : new long[] {nOut, nIn, getKernelSize()[0], getKernelSize()[1]};
      return ((Adafactor) iUpdater).forParameter(layerName + "." + name, shape);
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
      return List.of(((Adafactor) iUpdater).parameterScaling());
    }
  }

  /** DL4J's dense layer, whose matrix lies in memory as PyTorch's [out, in]. */
  public static final class AdafactorDense extends DenseLayer {
    private static final long serialVersionUID = 1;

    AdafactorDense() {}

    AdafactorDense(int in, int out) {
      nIn = in;
      nOut = out;
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
      long[] shape = name.equals("b") ? new long[] {nOut} : new long[] {nOut, nIn};
      return ((Adafactor) iUpdater).forParameter(layerName + "." + name, shape);
    }

    @Override
    public List<Regularization> getRegularizationByParam(String name) {
      return List.of(((Adafactor) iUpdater).parameterScaling());
    }
  }
}
