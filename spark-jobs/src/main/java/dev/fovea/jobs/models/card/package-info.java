/** Says what is known of a checkpoint; knows checkpoint stores, reports and the figures of runs. */
package dev.fovea.jobs.models.card;
