package dev.fovea.jobs.benchmark.pipeline;

/**
 * What one contender reached with one chain.
 *
 * @param contender {@code fovea} or {@code torchvision}
 * @param source {@code files} or {@code shards}
 * @param chain what was done to each picture: decode, reference or native
 * @param threads threads or processes that worked at once
 * @param picturesPerSecond of all of them
 * @param picturesPerCpuSecond what a core reaches that has nothing else to do
 */
public record PipelineFigure(
    String contender,
    String source,
    String chain,
    int threads,
    double picturesPerSecond,
    double picturesPerCpuSecond) {
  /** Pictures a second of each thread. */
  public double perThread() {
    return picturesPerSecond / threads;
  }
}
