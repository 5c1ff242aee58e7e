package dev.fovea.model.loss;

/**
 * The parts of the loss of one mini-batch, as means.
 *
 * @param reconstruction MSE or L1, over all samples
 * @param totalVariation mean squared vertical plus mean squared horizontal difference of the
 *     prediction, before its penalty is applied
 */
public record LossFigures(double reconstruction, double totalVariation) {}
