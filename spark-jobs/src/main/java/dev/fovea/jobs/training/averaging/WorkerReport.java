package dev.fovea.jobs.training.averaging;

/**
 * What one worker did in a round.
 *
 * @param worker its number, counted from 0
 * @param steps optimiser steps
 * @param samples samples in them
 * @param seconds from the start of its training to the end
 * @param secondsWaited the part of them in which it waited for data
 * @param secondsReceiving the part of them in which it fetched the round's start and put its
 *     networks there
 */
public record WorkerReport(
    int worker,
    int steps,
    long samples,
    double seconds,
    double secondsWaited,
    double secondsReceiving) {}
