package dev.fovea.jobs.training.averaging;

/**
 * Something that made a round longer and did not change its result.
 *
 * @param event the name of its event, whose value is 1
 * @param text one line for people
 */
public record Incident(String event, String text) {}
