/**
 * The networks as DL4J graphs: their layers and vertices, and the builders that put them together.
 * Knows the configuration, the losses and the optimiser, but no engine.
 */
package dev.fovea.model.graph;
