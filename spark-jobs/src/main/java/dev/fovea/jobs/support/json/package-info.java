/** JSON that is read back: records, strictly. */
package dev.fovea.jobs.support.json;
