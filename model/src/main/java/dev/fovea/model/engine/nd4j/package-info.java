/** The engine that executes the networks with DL4J and ND4J themselves. */
package dev.fovea.model.engine.nd4j;
