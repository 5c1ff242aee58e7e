/**
 * Both stages of training as Spark jobs, pretraining and fine-tuning: settings, budget, schedule,
 * and the loop over averaging rounds that they share.
 */
package dev.fovea.pretrain;
