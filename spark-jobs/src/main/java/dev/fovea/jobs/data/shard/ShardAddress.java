package dev.fovea.jobs.data.shard;

import java.io.Serializable;

/**
 * Where a row lies.
 *
 * @param shard number of the shard in its folder's index
 * @param rowGroup number of the row group in the shard
 * @param row number of the row in the row group
 */
public record ShardAddress(int shard, int rowGroup, int row) implements Serializable {

  /**
   * @throws IllegalArgumentException if a number is negative
   */
  public ShardAddress {
    if (shard < 0 || rowGroup < 0 || row < 0) {
      throw new IllegalArgumentException(
          "address %d:%d:%d is not made of numbers of 0 or more".formatted(shard, rowGroup, row));
    }
  }
}
