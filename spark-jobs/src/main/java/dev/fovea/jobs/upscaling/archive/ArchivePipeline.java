package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.upscaling.archive.ArchiveSettings.Mode;
import dev.fovea.jobs.upscaling.archive.PictureTask.Heap;
import dev.fovea.jobs.upscaling.single.BandedPicture;
import dev.fovea.jobs.upscaling.single.ModelWeights;
import dev.fovea.jobs.upscaling.single.TileBoard;
import dev.fovea.jobs.upscaling.single.TileLane;
import dev.fovea.jobs.upscaling.single.TileNetwork;
import dev.fovea.jobs.upscaling.single.Tiling;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.picture.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * The threads of one Spark task: some read and decode, some feed devices, some encode and audit,
 * all at once. Decoders wait for heap; the others never do, so that heap comes free. Closing it
 * waits for what has been begun.
 */
final class ArchivePipeline implements AutoCloseable {
  /** Networks of a GPU: one computes while the other's pictures travel. */
  private static final int LANES_OF_GPU = 2;

  private final TaskSetup setup;
  private final OutputTree tree;
  private final Limits limits;
  private final InputBytes bytes;
  private final Tiling tiling;
  private final TileBoard board;
  private final EarlierOutputs earlier;
  private final String execution;
  private final ExecutorService decoders;
  private final ExecutorService finishers;
  private final ExecutorService devices;
  private final List<TileLane> lanes = new ArrayList<>();
  private final List<Upscaler> opened = new ArrayList<>();
  private final Map<BandedPicture, PictureTask> inWork = new ConcurrentHashMap<>();

  ArchivePipeline(
      TaskSetup setup,
      OutputTree tree,
      ModelWeights model,
      Configuration configuration,
      Networks networks) {
    this.setup = setup;
    this.tree = tree;
    int cores = networks.count() * networks.threads();
    long mostBytes = Math.min(Limits.defaults().bytes(), HeapNeed.BUDGET.total() / 2);
    limits = setup.limits().withBytes(mostBytes);
    bytes = new InputBytes(configuration, limits);
    tiling = Tiling.of(model.config());
    decoders = Executors.newFixedThreadPool(cores, named("decoder"));
    finishers = Executors.newFixedThreadPool(cores, named("encoder"));
    devices = Executors.newCachedThreadPool(named("device"));
    opened.add(DeviceNetworks.take(setup.run(), model, setup.engine(), networks.threads()));
    execution = opened.get(0).execution();
    earlier = new EarlierOutputs(tree, setup.fingerprint(), execution);
    boolean gpu = execution.contains("cuda");
    int count = gpu ? LANES_OF_GPU : networks.count();
    board =
        new TileBoard(
            gpu ? tiling.tileSize() * tiling.tileSize() : Tiling.cpuBatchPixels(model.config()));
    for (int lane = 0; lane < count && setup.mode() == Mode.UPSCALE; lane++) {
      if (lane > 0) {
        opened.add(DeviceNetworks.take(setup.run(), model, setup.engine(), networks.threads()));
      }
      TileNetwork network =
          new TileNetwork(
              opened.get(lane), setup.upscaleRatio(), tiling.overlap(), setup.ensemble());
      lanes.add(new TileLane(board, network, setup.upscaleRatio(), this::failed));
    }
    lanes.forEach(lane -> devices.execute(() -> work(lane)));
  }

  /**
   * How the cores of a CPU are divided among networks; GPUs have a number of their own.
   *
   * @param count of networks, 1 or more
   * @param threads of each
   */
  record Networks(int count, int threads) {
    /**
     * One a core, as many pictures want it: networks that share nothing do not wait for each other.
     */
    static Networks onePerCore(int cores) {
      return new Networks(cores, 1);
    }

    /** No more networks than there are tiles; what cores are left over help each of them. */
    static Networks forTiles(int tiles, int cores) {
      int count = Math.max(1, Math.min(tiles, cores));
      return new Networks(count, cores / count);
    }
  }

  /** A lane whose end nobody sees would leave pictures waiting for it for ever. */
  private void work(TileLane lane) {
    boolean over = false;
    while (!over) {
      try {
        lane.run();
        over = true;
      } catch (RuntimeException | Error e) {
        List.copyOf(inWork.values()).forEach(task -> task.fail(e)); // Any may have lost a tile.
      }
    }
  }

  /** Begins a picture as soon as there is a decoder for it. */
  Future<Outcome> submit(ArchiveItem item) {
    if (setup.mode() == Mode.AUDIT) {
      return decoders.submit(() -> new AuditTask(item, this).run());
    }
    PictureTask task = begin(item, Heap.SHARED);
    return task.outcome()
        .thenCompose(
            outcome ->
                task.wantsToBeAlone()
                    ? begin(item, Heap.ALONE).outcome()
                    : CompletableFuture.completedFuture(outcome));
  }

  private PictureTask begin(ArchiveItem item, Heap heap) {
    PictureTask task = new PictureTask(item, this, heap);
    decoders.execute(task::begin);
    return task;
  }

  TaskSetup setup() {
    return setup;
  }

  OutputTree tree() {
    return tree;
  }

  Limits limits() {
    return limits;
  }

  InputBytes bytes() {
    return bytes;
  }

  Tiling tiling() {
    return tiling;
  }

  TileBoard board() {
    return board;
  }

  EarlierOutputs earlier() {
    return earlier;
  }

  /** What computes here, such as {@code torch cpu bf16}. */
  String execution() {
    return execution;
  }

  void finish(Runnable work) {
    finishers.execute(work);
  }

  void enter(BandedPicture picture, PictureTask task) {
    inWork.put(picture, task);
  }

  void leave(BandedPicture picture) {
    inWork.remove(picture);
  }

  private void failed(BandedPicture picture, Throwable cause) {
    PictureTask task = inWork.get(picture);
    if (task != null) {
      task.fail(cause);
    }
  }

  /** Low-resolution pixels that have been upscaled so far. */
  long pixelsDone() {
    return lanes.stream().mapToLong(TileLane::pixelsDone).sum();
  }

  /** How long its devices computed, once it has been closed. */
  long deviceNanos() {
    return lanes.stream().mapToLong(TileLane::busyNanos).sum();
  }

  @Override
  public void close() {
    decoders.shutdownNow();
    board.close();
    devices.shutdown();
    finishers.shutdown();
    boolean still = false;
    try {
      // Networks must not be closed or given away under a thread that computes.
      still |= !devices.awaitTermination(10, TimeUnit.MINUTES);
      still |= !finishers.awaitTermination(10, TimeUnit.MINUTES);
      decoders.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      still = true;
    }
    // What a cancelled task left in work gives its heap back.
    inWork
        .values()
        .forEach(task -> task.fail(new java.util.concurrent.CancellationException("cancelled")));
    if (!still) {
      opened.forEach(network -> DeviceNetworks.giveBack(setup.run(), network));
    }
  }

  private static java.util.concurrent.ThreadFactory named(String what) {
    return work -> {
      Thread thread = new Thread(work, "fovea-" + what);
      thread.setDaemon(true);
      return thread;
    };
  }
}
