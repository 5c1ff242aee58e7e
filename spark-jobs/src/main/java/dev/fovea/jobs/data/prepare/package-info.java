/** The job that turns folders of pictures into shards. Knows pictures, shards and Spark. */
package dev.fovea.jobs.data.prepare;
