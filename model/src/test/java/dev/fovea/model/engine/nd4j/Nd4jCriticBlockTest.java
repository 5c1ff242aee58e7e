package dev.fovea.model.engine.nd4j;

import dev.fovea.model.engine.CriticBlockContractTest;
import dev.fovea.model.engine.nd4j.GraphPass.InputGradient;
import dev.fovea.model.golden.GoldenCriticBlock;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

class Nd4jCriticBlockTest extends CriticBlockContractTest {
  @Override
  protected Block open(ComputationGraph network) {
    network.initGradientsView();
    GraphPass pass = new GraphPass("BLOCK", network, GoldenCriticBlock.BLOCK);
    return new Block() {
      @Override
      public Passed train(INDArray input, UnaryOperator<INDArray> outputGradient) {
        pass.begin();
        INDArray output = pass.train(input);
        INDArray inputGradient = pass.back(outputGradient.apply(output), InputGradient.WANTED);
        Passed passed =
            new Passed(
                channelsFirst(output),
                inputGradient.detach(),
                network.getFlattenedGradients().dup().detach());
        pass.end();
        return passed;
      }

      @Override
      public INDArray evaluate(INDArray input) {
        pass.begin();
        INDArray output = channelsFirst(pass.evaluate(input));
        pass.end();
        return output;
      }

      @Override
      public INDArray parameters() {
        return network.params().dup();
      }

      @Override
      public void close() {
        network.close();
      }
    };
  }

  private static INDArray channelsFirst(INDArray output) {
    return output.permute(0, 3, 1, 2).dup('c').detach();
  }
}
