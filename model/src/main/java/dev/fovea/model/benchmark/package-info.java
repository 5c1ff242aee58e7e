/**
 * Measures the engines against each other and their rivals, all in one run. Knows the engines'
 * border, not what is behind it.
 */
package dev.fovea.model.benchmark;
