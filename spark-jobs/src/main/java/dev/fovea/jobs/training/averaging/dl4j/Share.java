package dev.fovea.jobs.training.averaging.dl4j;

/**
 * One piece of the networks: as a worker left it, or the mean over workers.
 *
 * @param piece its number among all {@link Pieces}
 * @param samples that it was trained on, the weight in the mean
 * @param values the numbers
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Share(int piece, long samples, float[] values) implements Contribution {}
