package dev.fovea.jobs.runs.record;

import java.util.SortedMap;

/**
 * A run in a list of runs.
 *
 * @param name its folder, below the folder that is listed
 * @param path its folder
 * @param id empty where the run does not tell, as is the command
 * @param started ISO 8601 in UTC; empty where nothing tells
 * @param updated its last sign of life; empty where nothing tells
 * @param message why it failed; else empty
 * @param step optimiser steps of the last figures, as is the epoch
 * @param best by name the best of each figure of which one value is better than another
 * @param last by name the last of each figure
 */
public record RunSummary(
    String name,
    String path,
    String id,
    String command,
    RunState state,
    String started,
    String updated,
    String message,
    long step,
    long epoch,
    SortedMap<String, Figure> best,
    SortedMap<String, Figure> last,
    SortedMap<String, String> settings,
    SortedMap<String, String> provenance) {
  /** A figure and the step at which it was taken. */
  public record Figure(double value, long step) {}
}
