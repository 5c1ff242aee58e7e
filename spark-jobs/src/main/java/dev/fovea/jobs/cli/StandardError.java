package dev.fovea.jobs.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * Standard error where the launcher has put a filter of Java's own lines in front of it. What goes
 * through the filter may arrive after the end of this process; what Fovea says must not.
 */
final class StandardError {
  private StandardError() {}

  /**
   * Has {@code System.err} write to a descriptor of this process instead.
   *
   * @param descriptor null if there is no filter
   */
  static void take(Integer descriptor) {
    if (descriptor == null) {
      return;
    }
    try {
      // Opening /dev/fd/9 would begin a file from the start. java.io is open by conf/java-options.
      Constructor<FileDescriptor> constructor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      System.setErr(
          new PrintStream(
              new FileOutputStream(constructor.newInstance(descriptor)),
              true,
              Charset.defaultCharset()));
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.err.println("fovea: descriptor " + descriptor + " cannot be written to: " + e);
    }
  }
}
