package dev.fovea.jobs.benchmark.pipeline;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.pictures.benchmark.Chain;
import dev.fovea.pictures.benchmark.PictureThroughput;
import dev.fovea.pictures.picture.RejectedPictureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how many pictures a second are read and made into training pairs, on one thread and on
 * all cores. Where a folder of files is measured and Python has torchvision, its chain of the same
 * operations is measured in the same run.
 *
 * @param folder a local folder of pictures, or of prepared shards
 * @param seconds how long each chain is measured, after as long a warm-up
 */
public record PipelineBenchmark(Path folder, int seconds) {
  /**
   * @throws UsageException if the folder is none
   */
  public PipelineBenchmark {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(Setting.IMAGES_PATH, folder, "a local folder is needed");
    }
  }

  /**
   * Measures every chain.
   *
   * @throws UsageException if there are no pictures, or one cannot be used
   */
  public List<PipelineFigure> run() throws IOException, InterruptedException {
    boolean shards = PictureBytes.isShards(folder);
    List<byte[]> pictures = shards ? PictureBytes.ofShards(folder) : PictureBytes.ofFiles(folder);
    if (pictures.isEmpty()) {
      throw new UsageException(Setting.IMAGES_PATH, folder, "it holds no files");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    List<Integer> threads = cores == 1 ? List.of(1) : List.of(1, cores);
    List<PipelineFigure> figures = new ArrayList<>();
    for (Chain chain : Chain.values()) {
      for (int count : threads) {
        figures.add(measure(pictures, shards ? "shards" : "files", chain, count));
      }
    }
    if (!shards) {
      figures.addAll(TorchvisionRival.measure(folder, seconds, threads));
    }
    return figures;
  }

  private PipelineFigure measure(List<byte[]> pictures, String source, Chain chain, int threads)
      throws InterruptedException {
    try {
      PictureThroughput.Figures figures =
          PictureThroughput.measure(pictures, chain, threads, Duration.ofSeconds(seconds));
      return new PipelineFigure(
          "fovea",
          source,
          chain.name().toLowerCase(Locale.ROOT),
          threads,
          figures.perSecond(),
          figures.perCpuSecond());
    } catch (RejectedPictureException | IllegalArgumentException e) {
      throw new UsageException(Setting.IMAGES_PATH, folder, e.getMessage());
    }
  }
}
