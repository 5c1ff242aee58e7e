/** What a prediction is measured by in training, and the output layer that measures it. */
package dev.fovea.model.loss;
