/** The real servers that tests talk to, each started once in a JVM. */
package dev.fovea.jobs.servers;
