package dev.fovea.model.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Brings mini-batches from host memory to where they are computed on. Not thread-safe. */
interface BatchTransfer extends AutoCloseable {
  /** The transfer for a device. */
  static BatchTransfer to(TorchDevice device) {
    return device.cuda() ? new PinnedTransfer(device) : new NoTransfer();
  }

  /**
   * Hands a pair of contiguous float arrays over. On return the arrays may be overwritten if the
   * device is not the CPU; on the CPU once the batch is closed.
   */
  Batch load(INDArray lowResolution, INDArray highResolution);

  @Override
  void close();

  /** A pair on the device, valid until closed. */
  interface Batch extends AutoCloseable {
    Tensor lowResolution();

    Tensor highResolution();

    /** Says that every operation that reads the pair has been enqueued. */
    @Override
    void close();
  }

  /** The CPU computes on the arrays' own memory. */
  final class NoTransfer implements BatchTransfer {
    @Override
    public Batch load(INDArray lowResolution, INDArray highResolution) {
      return new InPlace(
          HostMemory.tensor(lowResolution, lowResolution.shape()),
          HostMemory.tensor(highResolution, highResolution.shape()));
    }

    @Override
    public void close() {
      // holds nothing
    }

    private record InPlace(Tensor lowResolution, Tensor highResolution) implements Batch {
      @Override
      public void close() {
        // the call's scope frees the tensors, and nobody the arrays
      }
    }
  }
}
