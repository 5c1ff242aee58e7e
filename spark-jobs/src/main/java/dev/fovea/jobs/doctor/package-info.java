/** Checks whether Fovea can work here, and says what to do where it cannot. */
package dev.fovea.jobs.doctor;
