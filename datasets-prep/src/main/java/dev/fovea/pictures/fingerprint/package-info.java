/**
 * Recognises pictures again, by their bytes and by what they show. Knows pictures and nothing else.
 */
package dev.fovea.pictures.fingerprint;
