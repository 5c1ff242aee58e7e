/**
 * A run's figures and sample pictures as one HTML page. Knows what runs record and how pages are
 * made, and nothing of how runs are trained.
 */
package dev.fovea.jobs.runs.page;
