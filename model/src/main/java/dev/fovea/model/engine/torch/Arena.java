package dev.fovea.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One of DL4J's flat vectors on the device, in another order: arrays of equal shape are gathered
 * into one tensor without gaps here, kernels and what the optimiser keeps of them channels-last, as
 * the convolutions read them. All of it is one block of memory, so that one operation clears,
 * scales or measures everything. Elements that no section names are zero. Not thread-safe.
 */
final class Arena {
  /** The memory is whole rows of this length. */
  private static final long ROW = 1024;

  /**
   * Sections start at multiples of this many elements, 64 bytes, as vector instructions like it.
   */
  private static final long ALIGNMENT = 16;

  /** [outputs, inputs, height, width]. */
  private static final int KERNEL_DIMENSIONS = 4;

  private final List<Section> sections;
  private final List<Tensor> places = new ArrayList<>();
  private final List<Tensor> parts = new ArrayList<>();
  private final Tensor rows;
  private final long flatLength;

  /**
   * N arrays of one shape in the flat vector.
   *
   * @param shape of each
   * @param offsets the first element of each, rising
   */
  record Section(List<Long> shape, List<Long> offsets) {
    Section {
      shape = List.copyOf(shape);
      offsets = List.copyOf(offsets);
    }

    private boolean ofKernels() {
      return shape.size() == KERNEL_DIMENSIONS;
    }

    /** The arrays' place in the arena's memory, in the memory's order. */
    private Tensor placed(Tensor memory, long start) {
      return Tensors.stacked(
          memory,
          count(),
          ofKernels() ? List.of(shape.get(0), shape.get(2), shape.get(3), shape.get(1)) : shape,
          start,
          0);
    }

    private int count() {
      return offsets.size();
    }

    private long length() {
      return shape.stream().reduce((long) count(), Math::multiplyExact);
    }

    /** The arrays in as few views [n, shape] as their distances allow, together [N, shape]. */
    List<Tensor> views(Tensor flat) {
      List<Tensor> views = new ArrayList<>();
      int from = 0;
      while (from < count()) {
        long distance = from + 1 < count() ? offsets.get(from + 1) - offsets.get(from) : 0;
        int to = from + 1;
        while (to < count() && offsets.get(to) - offsets.get(to - 1) == distance) {
          to++;
        }
        views.add(Tensors.stacked(flat, to - from, shape, offsets.get(from), distance));
        from = to;
      }
      return views;
    }

    /** [N, shape]; a view of the flat vector where the arrays lie at equal distances. */
    Tensor of(Tensor flat) {
      List<Tensor> views = views(flat);
      return views.size() == 1
          ? views.get(0)
          : torch.cat(new TensorVector(views.toArray(new Tensor[0])), 0);
    }
  }

  /** All zero. */
  Arena(TorchDevice device, long flatLength, List<Section> sections, Residents residents) {
    this.flatLength = flatLength;
    this.sections = List.copyOf(sections);
    long length = 0;
    List<Long> starts = new ArrayList<>();
    for (Section section : sections) {
      starts.add(length);
      length += roundedUp(section.length(), ALIGNMENT);
    }
    rows =
        residents.keep(
            torch.zeros(
                new long[] {roundedUp(length, ROW) / ROW, ROW},
                device.options(Numbers.TYPE_OF_PICTURES)));
    Tensor memory = rows.view(-1);
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      Tensor place = residents.keep(section.placed(memory, starts.get(i)));
      places.add(place);
      parts.add(section.ofKernels() ? residents.keep(place.permute(0, 1, 4, 2, 3)) : place);
    }
  }

  /** The sections' tensors [N, shape], in order; views of the memory. */
  List<Tensor> parts() {
    return parts;
  }

  /** The same as the memory has them, contiguous: kernels [N, outputs, height, width, inputs]. */
  List<Tensor> places() {
    return places;
  }

  /**
   * The dimension of one of the {@link #places} along which Adafactor has rows; columns lie along
   * the next.
   */
  static long rowDimension(Tensor place) {
    return place.dim() > KERNEL_DIMENSIONS ? 2 : place.dim() - 2;
  }

  /** The whole memory, [R, 1024]. */
  Tensor rows() {
    return rows;
  }

  /** Takes over the values of a flat vector. */
  void load(Tensor flat) {
    for (int i = 0; i < parts.size(); i++) {
      int from = 0;
      for (Tensor view : sections.get(i).views(flat)) {
        long count = view.size(0);
        parts.get(i).narrow(0, from, count).copy_(view);
        from += (int) count;
      }
    }
  }

  /** The values as a new flat vector on the device. */
  Tensor flat() {
    Tensor flat = torch.zeros(new long[] {flatLength}, rows.options());
    for (int i = 0; i < parts.size(); i++) {
      int from = 0;
      for (Tensor view : sections.get(i).views(flat)) {
        long count = view.size(0);
        view.copy_(parts.get(i).narrow(0, from, count));
        from += (int) count;
      }
    }
    return flat;
  }

  private static long roundedUp(long length, long unit) {
    return (length + unit - 1) / unit * unit;
  }
}
