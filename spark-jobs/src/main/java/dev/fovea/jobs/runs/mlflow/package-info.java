/**
 * A run's figures and sample pictures on a tracking server of MLflow. Knows what runs record, and
 * nothing of how they are trained.
 */
package dev.fovea.jobs.runs.mlflow;
