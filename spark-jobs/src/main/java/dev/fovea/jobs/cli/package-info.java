/** The command line: options into settings records, exceptions into exit codes and one line. */
package dev.fovea.jobs.cli;
