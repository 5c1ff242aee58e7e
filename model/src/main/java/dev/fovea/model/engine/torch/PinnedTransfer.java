package dev.fovea.model.engine.torch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.EventFlag;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies mini-batches to a CUDA device on a stream of its own, through pinned memory, so that a
 * batch is on its way while the one before is computed on. Two slots of host and device buffers
 * take turns; they stay allocated, and grow with the largest batch.
 */
final class PinnedTransfer implements BatchTransfer {
  private final TorchDevice device;
  private final DeviceGuardImplInterface cuda;
  private final Residents residents = new Residents();
  private final Device cudaDevice;
  private final Stream copies;
  private final Slot[] slots = {new Slot(), new Slot()};
  private int next;

  PinnedTransfer(TorchDevice device) {
    this.device = device;
    cuda = torch.getDeviceGuardImpl(device.kind());
    cudaDevice = residents.keep(device.device());
    cuda.setDevice(cudaDevice);
    copies = residents.keep(cuda.getNewStream(cudaDevice));
  }

  @Override
  public Batch load(INDArray lowResolution, INDArray highResolution) {
    Slot slot = slots[next];
    next = (next + 1) % slots.length;
    slot.waitUntilCopied();
    Tensor low = HostMemory.tensor(lowResolution, lowResolution.shape());
    Tensor high = HostMemory.tensor(highResolution, highResolution.shape());
    slot.fit(low.numel(), high.numel());
    Tensor pinnedLow = slot.pinnedLow.shaped(lowResolution.shape());
    Tensor pinnedHigh = slot.pinnedHigh.shaped(highResolution.shape());
    pinnedLow.copy_(low);
    pinnedHigh.copy_(high);

    Tensor deviceLow = slot.onDevice.narrow(0, 0, low.numel()).view(lowResolution.shape());
    Tensor deviceHigh =
        slot.onDevice.narrow(0, low.numel(), high.numel()).view(highResolution.shape());
    Stream compute = cuda.getStream(cudaDevice);
    cuda.exchangeStream(copies);
    try {
      slot.consumed.holdBack(copies);
      deviceLow.copy_(pinnedLow, true);
      deviceHigh.copy_(pinnedHigh, true);
      slot.copied.record(copies);
    } finally {
      cuda.exchangeStream(compute);
    }
    slot.copied.holdBack(compute);
    return new OnDevice(deviceLow, deviceHigh, slot, compute);
  }

  @Override
  public void close() {
    cuda.synchronizeDevice((byte) device.index());
    for (Slot slot : slots) {
      slot.close();
    }
    residents.close();
  }

  private record OnDevice(Tensor lowResolution, Tensor highResolution, Slot slot, Stream compute)
      implements Batch {
    @Override
    public void close() {
      slot.consumed.record(compute);
    }
  }

  private final class Slot {
    private final Event copied = new Event();
    private final Event consumed = new Event();
    private final PinnedStaging pinnedLow = new PinnedStaging();
    private final PinnedStaging pinnedHigh = new PinnedStaging();
    private Tensor onDevice;

    void waitUntilCopied() {
      copied.await();
    }

    void fit(long lowElements, long highElements) {
      long elements = lowElements + highElements;
      if (onDevice != null && onDevice.numel() >= elements) {
        return;
      }
      // What still computes on the old buffer has to be done with it.
      cuda.synchronizeDevice((byte) device.index());
      release();
      onDevice =
          torch
              .empty(new long[] {elements}, device.options(Numbers.TYPE_OF_PICTURES), null)
              .retainReference();
    }

    void close() {
      release();
      pinnedLow.close();
      pinnedHigh.close();
      copied.destroy();
      consumed.destroy();
    }

    private void release() {
      if (onDevice != null) {
        onDevice.releaseReference();
        onDevice = null;
      }
    }
  }

  /** A CUDA event, made when it is first recorded. */
  private final class Event {
    private final Pointer event = new Pointer();

    void record(Stream stream) {
      cuda.record(event, stream, (byte) device.index(), EventFlag.PYTORCH_DEFAULT);
    }

    /** Lets what is enqueued on the stream from now on wait for what was recorded. */
    void holdBack(Stream stream) {
      if (!event.isNull()) {
        cuda.block(event, stream);
      }
    }

    /** Lets the calling thread wait for what was recorded. */
    void await() {
      if (!event.isNull()) {
        cuda.synchronizeEvent(event);
      }
    }

    void destroy() {
      if (!event.isNull()) {
        cuda.destroyEvent(event, (byte) device.index());
        event.setNull();
      }
    }
  }
}
