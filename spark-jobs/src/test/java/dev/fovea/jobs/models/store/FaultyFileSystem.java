package dev.fovea.jobs.models.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The local disk with the faults of others: every operation is counted, and a test says which of
 * them fails and how. A rename says that it was done, and does nothing.
 */
public final class FaultyFileSystem extends LocalStore {
  private final ConcurrentMap<Path, FileStatus[]> oldListings = new ConcurrentHashMap<>();
  private Faults faults = Faults.NONE;

  /** Made by Hadoop. */
  public FaultyFileSystem() {
    super("faulty");
  }

  /** What can be told apart. */
  enum Operation {
    CREATE,
    WRITE,
    CLOSE,
    DELETE,
    LIST,
    OPEN,
    STATUS
  }

  /** What becomes of an operation. */
  enum Fault {
    /** It is done. */
    NONE,
    /** It fails and has done nothing. */
    FAILS,
    /** It is done but fails, as when the answer is lost. */
    FAILS_AFTERWARDS,
    /** Half of it is done, and it fails; where there are no halves nothing is done. */
    HALF,
    /** It says that it is done, and half of it or nothing is. */
    LIES
  }

  /** Decides for every operation in turn. */
  @FunctionalInterface
  interface Faults {
    Faults NONE = (operation, path) -> Fault.NONE;

    Fault of(Operation operation, Path path);
  }

  static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.setClass("fs.faulty.impl", FaultyFileSystem.class, FileSystem.class);
    return configuration;
  }

  void inject(Faults next) {
    faults = next;
  }

  /** From now on listings are those of this moment, for those that were looked at before. */
  void freezeListings() {
    oldListings.putIfAbsent(new Path("/"), new FileStatus[0]);
  }

  void thawListings() {
    oldListings.clear();
  }

  @Override
  protected FSDataOutputStream created(Path path, Creation creation) throws IOException {
    Fault fault = faults.of(Operation.CREATE, path);
    if (fault == Fault.FAILS || fault == Fault.HALF) {
      throw failure(Operation.CREATE, path);
    }
    if (fault == Fault.LIES) {
      return new FSDataOutputStream(OutputStream.nullOutputStream(), null);
    }
    FSDataOutputStream out = creation.run();
    if (fault == Fault.FAILS_AFTERWARDS) {
      out.close();
      throw failure(Operation.CREATE, path);
    }
    return new FSDataOutputStream(new FaultyStream(out, path), null);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return done(Operation.DELETE, path, () -> super.delete(path, recursive), false);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    if (!oldListings.isEmpty() && oldListings.containsKey(path)) {
      return oldListings.get(path);
    }
    Fault fault = faults.of(Operation.LIST, path);
    if (fault != Fault.NONE && fault != Fault.LIES) {
      throw failure(Operation.LIST, path);
    }
    FileStatus[] entries = super.listStatus(path);
    if (!oldListings.isEmpty()) {
      oldListings.put(path, entries);
    }
    return fault == Fault.LIES ? Arrays.copyOf(entries, entries.length / 2) : entries;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (faults.of(Operation.OPEN, path) != Fault.NONE) {
      throw failure(Operation.OPEN, path);
    }
    return super.open(path, bufferSize);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    if (faults.of(Operation.STATUS, path) != Fault.NONE) {
      throw failure(Operation.STATUS, path);
    }
    return super.getFileStatus(path);
  }

  @Override
  public boolean rename(Path from, Path to) {
    return true;
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T done(Operation operation, Path path, Action<T> action, T lie) throws IOException {
    Fault fault = faults.of(operation, path);
    if (fault == Fault.FAILS || fault == Fault.HALF) {
      throw failure(operation, path);
    }
    T result = fault == Fault.LIES ? lie : action.run();
    if (fault == Fault.FAILS_AFTERWARDS) {
      throw failure(operation, path);
    }
    return result;
  }

  private static IOException failure(Operation operation, Path path) {
    return new IOException("injected: %s of %s".formatted(operation, path.getName()));
  }

  private final class FaultyStream extends FilterOutputStream {
    private final Path path;
    private boolean closed;

    FaultyStream(OutputStream out, Path path) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Fault fault = faults.of(Operation.WRITE, path);
      int written =
          switch (fault) {
            case NONE, FAILS_AFTERWARDS -> length;
            case HALF, LIES -> length / 2;
            case FAILS -> 0;
          };
      out.write(bytes, offset, written);
      if (fault != Fault.NONE && fault != Fault.LIES) {
        throw failure(Operation.WRITE, path);
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      Fault fault = faults.of(Operation.CLOSE, path);
      out.close();
      if (fault == Fault.FAILS || fault == Fault.HALF || fault == Fault.LIES) {
        // Nothing becomes of a file that was not closed, on an object store.
        java.nio.file.Files.deleteIfExists(pathToFile(path).toPath());
      }
      if (fault != Fault.NONE && fault != Fault.LIES) {
        throw failure(Operation.CLOSE, path);
      }
    }
  }
}
