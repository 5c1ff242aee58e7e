/**
 * Adafactor and gradient clipping as DL4J updaters. Knows ND4J arrays and DL4J's updater blocks, no
 * network and no engine.
 */
package dev.fovea.model.optim;
