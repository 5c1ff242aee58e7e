/** Stage 1 as a Spark job: settings, budget, schedule and the loop over averaging rounds. */
package dev.fovea.pretrain;
