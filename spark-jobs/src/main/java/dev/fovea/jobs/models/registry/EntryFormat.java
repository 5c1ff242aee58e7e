package dev.fovea.jobs.models.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fovea.jobs.support.json.StrictRecords;

/** {@link Entry} as strict JSON: what is not exactly one is refused. */
final class EntryFormat {
  private EntryFormat() {}

  static byte[] write(Entry entry) {
    return StrictRecords.write(entry);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws NotAnEntryException saying in one line what is wrong
   */
  static Entry read(byte[] json) throws NotAnEntryException {
    if (json.length == 0) {
      throw new NotAnEntryException("the file is empty", null);
    }
    try {
      return StrictRecords.read(json, Entry.class);
    } catch (JsonProcessingException e) {
      throw new NotAnEntryException(StrictRecords.fault(e), e);
    }
  }
}
