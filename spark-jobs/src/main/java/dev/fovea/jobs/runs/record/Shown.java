package dev.fovea.jobs.runs.record;

import java.util.List;

/**
 * What a model made of a few test pictures at one evaluation.
 *
 * @param step optimiser steps done
 * @param time ISO 8601 in UTC
 * @param pictures the same ones at each evaluation
 */
public record Shown(long step, String time, List<SamplePicture> pictures) {
  public Shown {
    pictures = List.copyOf(pictures);
  }
}
