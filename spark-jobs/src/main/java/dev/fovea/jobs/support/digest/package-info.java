/** Fingerprints of bytes. */
package dev.fovea.jobs.support.digest;
