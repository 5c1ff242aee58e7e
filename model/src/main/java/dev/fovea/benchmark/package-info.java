/** Measures the engines against each other, all in one run. Knows the engines' border alone. */
package dev.fovea.benchmark;
