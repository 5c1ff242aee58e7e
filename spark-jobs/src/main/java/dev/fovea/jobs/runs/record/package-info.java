/** What a run leaves behind beside its checkpoints: its figures, one JSON line each. */
package dev.fovea.jobs.runs.record;
