/**
 * What both stages of training share as Spark jobs: settings, budget, schedule, checkpoints, and
 * the loop over averaging rounds; knows a stage only by its interface.
 */
package dev.fovea.jobs.training.loop;
