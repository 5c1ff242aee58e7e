package dev.fovea.jobs.training.averaging.dl4j;

import dev.fovea.jobs.training.averaging.Batch;
import dev.fovea.jobs.training.averaging.BatchSource;
import dev.fovea.jobs.training.averaging.BatchStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The mini-batches of {@link NumberedSource}, but whoever comes first to one of the given pictures
 * leaves its process's number in a file and hangs there until its process or its task is killed.
 * Later attempts pass, in whatever process.
 */
record StallingSource(String folder, List<Integer> pictures, int side, Hang hang)
    implements BatchSource {
  /** How a thread hangs. */
  enum Hang {
    /** It can be interrupted. */
    WAITING,
    /** As in native code: nothing wakes it but the end of its process. */
    DEAF
  }

  StallingSource(String folder, List<Integer> pictures, int side) {
    this(folder, pictures, side, Hang.WAITING);
  }

  /** The file that the process which hangs at a picture leaves. */
  static Path sign(Path folder, int picture) {
    return folder.resolve("stalled-at-" + picture);
  }

  @Override
  public BatchStream open(List<String> contents) {
    BatchStream sound = new NumberedSource(NumberedSource.Fault.NONE, -1, side).open(contents);
    return new BatchStream() {
      private int next;

      @Override
      public Batch next() throws IOException, InterruptedException {
        List<Integer> coming =
            Arrays.stream(contents.get(next++).split("\\.")).map(Integer::valueOf).toList();
        for (int picture : pictures) {
          if (coming.contains(picture) && isFirst(picture)) {
            stall();
          }
        }
        return sound.next();
      }

      @Override
      public void close() {
        sound.close();
      }
    };
  }

  private void stall() throws InterruptedException {
    boolean deaf = hang == Hang.DEAF;
    do {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        if (!deaf) {
          throw e;
        }
      }
    } while (deaf);
  }

  private boolean isFirst(int picture) throws IOException {
    Path sign = sign(Path.of(folder), picture);
    Path begun = Path.of(sign + ".begun");
    try {
      Files.createFile(begun);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    Files.write(
        begun, Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8));
    Files.move(begun, sign);
    Files.createFile(begun);
    return true;
  }
}
