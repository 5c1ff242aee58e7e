package dev.fovea.jobs.models.store;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * An object store in memory, as S3's connector sees one: a file is there when it was closed, no
 * file is created atomically (it looks, and writes later), there is no rename. Requests take turns:
 * before each one its thread waits until chance lets it go first, so that requests of several
 * threads interleave in any order, the same for the same seed as far as threads come in time.
 */
public final class TurnsFileSystem extends FileSystem {
  private static final URI NAME = URI.create("turns:///");

  private final NavigableMap<String, byte[]> objects = new TreeMap<>();
  private final List<Thread> waiting = new ArrayList<>();
  private Random random = new Random(0);
  private int contenders;

  static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.setClass("fs.turns.impl", TurnsFileSystem.class, FileSystem.class);
    return configuration;
  }

  /** From now on this many threads take turns, in an order of this seed. */
  synchronized void begin(int threads, long seed) {
    contenders = threads;
    random = new Random(seed);
  }

  /** The calling thread makes no more requests, or none for a while. */
  synchronized void leave() {
    contenders--;
    notifyAll();
  }

  /** Waits until all others wait, too, or a moment has passed, and until chance takes this one. */
  private synchronized void turn() {
    Thread self = Thread.currentThread();
    waiting.add(self);
    notifyAll();
    try {
      long patience = System.nanoTime() + 2_000_000;
      while (waiting.size() < contenders && System.nanoTime() < patience) {
        wait(1);
      }
      while (waiting.size() > 1 && random.nextInt(waiting.size()) != 0) {
        wait(1);
      }
    } catch (InterruptedException e) {
      self.interrupt();
    } finally {
      waiting.remove(self);
      notifyAll();
    }
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    turn();
    return new FSDataInputStream(new Content(object(path)));
  }

  private synchronized byte[] object(Path path) throws FileNotFoundException {
    byte[] bytes = objects.get(key(path));
    if (bytes == null) {
      throw new FileNotFoundException(path.toString());
    }
    return bytes;
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    turn();
    synchronized (this) {
      if (!overwrite && objects.containsKey(key(path))) {
        throw new FileAlreadyExistsException(path.toString());
      }
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            turn();
            synchronized (TurnsFileSystem.this) {
              objects.put(key(path), toByteArray());
            }
          }
        },
        null);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("append");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    throw new IOException("rename of " + from);
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    turn();
    synchronized (this) {
      boolean there = objects.remove(key(path)) != null;
      return objects.keySet().removeIf(key -> key.startsWith(key(path) + "/")) || there;
    }
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    turn();
    synchronized (this) {
      String prefix = key(path) + "/";
      NavigableMap<String, FileStatus> entries = new TreeMap<>();
      objects.forEach(
          (key, bytes) -> {
            if (key.startsWith(prefix)) {
              String name = key.substring(prefix.length()).split("/", 2)[0];
              entries.put(
                  name, status(new Path(path, name), !key.equals(prefix + name), bytes.length));
            }
          });
      if (entries.isEmpty()) {
        throw new FileNotFoundException(path.toString());
      }
      return entries.values().toArray(FileStatus[]::new);
    }
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    turn();
    synchronized (this) {
      byte[] bytes = objects.get(key(path));
      if (bytes != null) {
        return status(path, false, bytes.length);
      }
      if (objects.keySet().stream().noneMatch(key -> key.startsWith(key(path) + "/"))) {
        throw new FileNotFoundException(path.toString());
      }
      return status(path, true, 0);
    }
  }

  private static FileStatus status(Path path, boolean directory, long length) {
    return new FileStatus(length, directory, 1, 1 << 20, 0, path);
  }

  private static String key(Path path) {
    return path.toUri().getPath();
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path("turns:/");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    return true;
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // The objects are small.
  private static final class Content extends FSInputStream {
    private final byte[] bytes;
    private int position;

    Content(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void seek(long to) {
      position = (int) to;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }
  }
}
