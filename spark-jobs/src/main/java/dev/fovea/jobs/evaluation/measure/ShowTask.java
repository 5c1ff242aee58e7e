package dev.fovea.jobs.evaluation.measure;

import dev.fovea.jobs.spark.memory.HeapBudget;
import dev.fovea.jobs.spark.session.ShippedConfiguration;
import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.encode.WebpEncoder;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Makes all versions of chosen pictures. What has become unreadable meanwhile is left out. */
final class ShowTask implements FlatMapFunction<Iterator<Integer>, ShownPicture> {
  private static final long serialVersionUID = 1;

  /** Size of the part that stands in the page: multiples of every upscale ratio. */
  private static final int WINDOW_WIDTH = 240;

  private static final int WINDOW_HEIGHT = 160;

  private final ArrayList<Dataset.File> files;
  private final ArrayList<Choice> choices;
  private final TaskModels.Source models;
  private final Limits limits;
  private final ShippedConfiguration hadoop;

  ShowTask(
      List<Dataset.File> files,
      List<Choice> choices,
      TaskModels.Source models,
      Limits limits,
      ShippedConfiguration hadoop) {
    this.files = new ArrayList<>(files);
    this.choices = new ArrayList<>(choices);
    this.models = models;
    this.limits = limits;
    this.hadoop = hadoop;
  }

  @Override
  public Iterator<ShownPicture> call(Iterator<Integer> indices) throws Exception {
    int threads = TaskContext.get().cpus();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (TaskModels open = models.open(threads)) {
      List<Future<Optional<ShownPicture>>> running = new ArrayList<>();
      indices.forEachRemaining(index -> running.add(pool.submit(() -> shown(index, open))));
      List<ShownPicture> shown = new ArrayList<>();
      for (Future<Optional<ShownPicture>> each : running) {
        each.get().ifPresent(shown::add);
      }
      open.keep();
      return shown.iterator();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pool.shutdownNow();
    }
  }

  /** It was readable when it was measured; if it no longer is, its figures stand in the report. */
  private Optional<ShownPicture> shown(int index, TaskModels open) throws InterruptedException {
    try {
      return Optional.of(show(index, open));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("try") // the heap is held, not used by name
  private ShownPicture show(int index, TaskModels open) throws IOException, InterruptedException {
    Choice choice = choices.get(index);
    Dataset.File file = files.get(choice.file());
    int ratio = choice.ratio();
    PictureReader reader = new PictureReader(hadoop.value(), limits);
    byte[] bytes = reader.bytes(file);
    try (HeapBudget.Held held = PictureReader.room(bytes)) {
      PictureReader.Pair pair = reader.pair(file, reader.opaque(bytes), ratio);
      Picture original = pair.original();
      DetailWindow detail = DetailWindow.of(original, WINDOW_WIDTH, WINDOW_HEIGHT);
      // On whole pixels of the low resolution, so that all versions show the very same part.
      int width = detail.width() / ratio * ratio;
      int height = detail.height() / ratio * ratio;
      int x = detail.x() / ratio * ratio;
      int y = detail.y() / ratio * ratio;
      Map<String, Picture> versions = new LinkedHashMap<>();
      versions.put(ShownPicture.ORIGINAL, original);
      versions.put(Report.BICUBIC, Bicubic.upscaled(pair.low(), ratio));
      for (String model : open.ids(ratio)) {
        versions.put(model, open.upscale(model, pair.low()));
      }
      List<ShownPicture.Source> sources = new ArrayList<>();
      versions.forEach((id, picture) -> sources.add(source(id, picture, x, y, width, height)));
      sources.add(
          source(
              ShownPicture.LOW, pair.low(), x / ratio, y / ratio, width / ratio, height / ratio));
      return new ShownPicture(
          index, original.width(), original.height(), List.of(x, y, width, height), sources);
    }
  }

  private static ShownPicture.Source source(
      String id, Picture picture, int x, int y, int width, int height) {
    return new ShownPicture.Source(
        id, PngEncoder.encode(picture), WebpEncoder.lossless(picture.crop(x, y, width, height)));
  }
}
