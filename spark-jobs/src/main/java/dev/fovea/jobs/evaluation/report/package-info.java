/**
 * Shows an evaluation as one HTML page with pictures beside it. Knows what was measured and how
 * pages are made; measures nothing itself.
 */
package dev.fovea.jobs.evaluation.report;
