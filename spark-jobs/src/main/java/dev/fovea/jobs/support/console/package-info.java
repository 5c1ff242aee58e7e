/** What people see of a running job: progress, tables, figures. Knows nothing else of Fovea. */
package dev.fovea.jobs.support.console;
