/** Brings upscalers in from other programs and out to them; knows paths and checkpoint stores. */
package dev.fovea.jobs.models.exchange;
