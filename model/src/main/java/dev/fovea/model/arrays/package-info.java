/**
 * Numbers of ND4J arrays in Java arrays, for what is faster or more exact in plain Java, and how
 * ND4J shares the processor.
 */
package dev.fovea.model.arrays;
