package dev.fovea.model.metric;

/**
 * One channel somewhere in an array of samples.
 *
 * @param samples the array, shared
 * @param offset where the channel starts
 */
@SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
record Plane(float[] samples, int offset, int height, int width) {}
