/**
 * Which files lie behind the paths that a job is given, and how they are opened. Knows no pictures.
 */
package dev.fovea.jobs.data.listing;
