package dev.fovea.pipeline;

/**
 * What one contender reached with one chain.
 *
 * @param contender {@code fovea} or {@code torchvision}
 * @param chain what was done to each picture: decode, reference or native
 * @param threads threads or processes that worked at once
 * @param picturesPerSecond of all of them
 */
public record PipelineFigure(
    String contender, String chain, int threads, double picturesPerSecond) {
  /** Pictures a second of each thread. */
  public double perThread() {
    return picturesPerSecond / threads;
  }
}
