package dev.fovea.jobs.models.store;

import dev.fovea.jobs.support.console.Setting;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * A checkpoint was being completed when the file system failed, and could not be asked afterwards
 * whether it is there. Nobody can mistake it: it is whole or it is passed over.
 */
public final class UnknownOutcomeException extends IOException {
  private static final long serialVersionUID = 1;

  UnknownOutcomeException(Path directory, IOException cause) {
    super(
        ("it is not known whether checkpoint %s was written: %s; nothing older was deleted. When the"
                + " file system answers again, run again with %s: that checkpoint is taken if"
                + " it is whole, else the one before it")
            .formatted(directory, cause.getMessage(), Setting.RESUME),
        cause);
  }
}
