/** Measures of picture quality on planar samples. Knows nothing else of Fovea. */
package dev.fovea.model.metric;
