/** Files on any of Hadoop's file systems: opened, written whole, grown. Knows no job. */
package dev.fovea.jobs.support.files;
