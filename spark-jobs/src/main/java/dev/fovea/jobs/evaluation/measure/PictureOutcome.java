package dev.fovea.jobs.evaluation.measure;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a task found out about one file.
 *
 * @param index number of the file
 * @param sha256 of the file in hexadecimal; empty if it could not be read
 * @param figures per upscale ratio the scores of each model that has it, by id
 * @param rejections why there are no figures, for each ratio that has none or for all
 * @param hashes the perceptual hashes of all orientations; none where it is too flat or no picture
 * @param thumbnail a small JPEG, or nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Only travels; nobody compares outcomes.
record PictureOutcome(
    int index,
    String sha256,
    Map<Integer, Map<String, Scores>> figures,
    List<String> rejections,
    List<String> hashes,
    byte[] thumbnail)
    implements Serializable {}
