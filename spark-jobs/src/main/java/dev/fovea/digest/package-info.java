/** Fingerprints of bytes. */
package dev.fovea.digest;
