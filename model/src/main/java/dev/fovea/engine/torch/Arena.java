package dev.fovea.engine.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One of DL4J's flat vectors on the device, in another order: what lies at equal distances there is
 * gathered into one contiguous tensor here. All of it is one block of memory, so that one operation
 * clears, scales or measures everything. Elements that no section names are zero. Not thread-safe.
 */
final class Arena {
  /** The memory is whole rows of this length. */
  private static final long ROW = 1024;

  /**
   * Sections start at multiples of this many elements, 64 bytes, as vector instructions like it.
   */
  private static final long ALIGNMENT = 16;

  private final List<Section> sections;
  private final List<Tensor> parts = new ArrayList<>();
  private final Tensor rows;
  private final long flatLength;

  /**
   * N arrays of one shape at equal distances in the flat vector.
   *
   * @param count N
   * @param shape of each
   * @param offset first element of the first
   * @param distance elements from one to the next
   */
  record Section(int count, List<Long> shape, long offset, long distance) {
    Section {
      shape = List.copyOf(shape);
    }

    private long length() {
      return shape.stream().reduce((long) count, Math::multiplyExact);
    }

    /** [N, shape], a view of the flat vector. */
    Tensor of(Tensor flat) {
      return Tensors.stacked(flat, count, shape, offset, distance);
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
      parts.add(
          residents.keep(
              Tensors.stacked(memory, section.count(), section.shape(), starts.get(i), 0)));
    }
  }

  /** The sections' tensors [N, shape], in order, each contiguous; views of the memory. */
  List<Tensor> parts() {
    return parts;
  }

  /** The whole memory, [R, 1024]. */
  Tensor rows() {
    return rows;
  }

  /** Takes over the values of a flat vector. */
  void load(Tensor flat) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).copy_(sections.get(i).of(flat));
    }
  }

  /** The values as a new flat vector on the device. */
  Tensor flat() {
    Tensor flat = torch.zeros(new long[] {flatLength}, rows.options());
    for (int i = 0; i < parts.size(); i++) {
      sections.get(i).of(flat).copy_(parts.get(i));
    }
    return flat;
  }

  private static long roundedUp(long length, long unit) {
    return (length + unit - 1) / unit * unit;
  }
}
