/**
 * Keeps record of a run while it goes on, and hands its figures and pictures to TensorBoard's
 * files, to the page and to MLflow. Knows nothing of how runs are trained.
 */
package dev.fovea.jobs.runs.dashboard;
