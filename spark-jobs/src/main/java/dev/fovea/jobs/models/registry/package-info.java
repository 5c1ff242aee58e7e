/** Models in service: numbered decisions in a folder, and the checkpoints they name. */
package dev.fovea.jobs.models.registry;
