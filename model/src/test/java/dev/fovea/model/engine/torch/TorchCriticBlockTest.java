package dev.fovea.model.engine.torch;

import dev.fovea.model.config.Device;
import dev.fovea.model.engine.CriticBlockContractTest;
import dev.fovea.model.engine.NetworkState;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TorchCriticBlockTest extends CriticBlockContractTest {
  @Override
  protected Block open(ComputationGraph network) {
    NetworkThread thread = new NetworkThread("torch-block", 1);
    Residents residents = new Residents();
    TorchDevice device = TorchDevice.of(Device.CPU);
    TorchNetwork torch =
        thread.call(
            () ->
                new TorchNetwork(
                    Program.of(network.getConfiguration()),
                    device,
                    Numbers.FP32,
                    false,
                    residents));
    TorchNetwork.Incoming state =
        torch.check(
            "", new NetworkState(network.params(), network.getUpdater().getStateViewArray()));
    thread.callOn(
        state.arrays(),
        () -> {
          torch.restore(state);
          return null;
        });
    return new Block() {
      @Override
      public Passed train(INDArray input, UnaryOperator<INDArray> outputGradient) {
        INDArray gradient = torch.newVector();
        return thread.callOn(
            List.of(input),
            () -> {
              Tensor pictures = HostMemory.tensor(input, input.shape()).clone();
              pictures.set_requires_grad(true);
              Tensor output = torch.train(pictures, torch.weights());
              INDArray host = host(output);
              INDArray ofOutput = outputGradient.apply(host).dup('c');
              // The sum of gradient times output has this gradient.
              Tensor loss = output.mul(HostMemory.tensor(ofOutput, ofOutput.shape()).clone()).sum();
              torch.learn(loss, 1);
              torch.copyGradient(gradient);
              return new Passed(host, host(pictures.grad()), gradient);
            });
      }

      @Override
      public INDArray evaluate(INDArray input) {
        return thread.callOn(
            List.of(input), () -> host(torch.evaluate(HostMemory.tensor(input, input.shape()))));
      }

      @Override
      public INDArray parameters() {
        INDArray copy = torch.newVector();
        thread.run(() -> torch.copyParameters(copy));
        return copy;
      }

      @Override
      public void close() {
        thread.closeAfter(residents::close);
      }
    };
  }

  private static INDArray host(Tensor tensor) {
    INDArray copy = Nd4j.createUninitialized(tensor.sizes().vec().get());
    HostMemory.copy(tensor.detach().contiguous(), copy);
    return copy;
  }
}
