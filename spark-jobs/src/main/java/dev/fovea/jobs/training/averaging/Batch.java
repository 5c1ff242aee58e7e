package dev.fovea.jobs.training.averaging;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mini-batch. Its arrays belong to whoever takes it and are closed after use.
 *
 * @param lowResolution NCHW [B, 3, H, W], RGB in [0, 1]
 * @param highResolution NCHW [B, 3, rH, rW], RGB in [0, 1]
 * @param names what a person would call its B pictures, for errors
 */
public record Batch(INDArray lowResolution, INDArray highResolution, List<String> names) {
  /**
   * @throws IllegalArgumentException if the numbers of pictures differ
   */
  public Batch {
    names = List.copyOf(names);
    if (lowResolution.size(0) != names.size() || highResolution.size(0) != names.size()) {
      throw new IllegalArgumentException(
          "mini-batch of %d low and %d high resolution pictures with %d names"
              .formatted(lowResolution.size(0), highResolution.size(0), names.size()));
    }
  }
}
