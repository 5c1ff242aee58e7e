/**
 * A run's figures and sample pictures as others want them: TensorBoard, a page, MLflow. Knows runs
 * and nothing of how they are trained.
 */
package dev.fovea.jobs.runs.dashboard;
