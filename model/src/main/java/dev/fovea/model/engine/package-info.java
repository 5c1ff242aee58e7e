/** The one border between the definition of a network and what executes it. */
package dev.fovea.model.engine;
