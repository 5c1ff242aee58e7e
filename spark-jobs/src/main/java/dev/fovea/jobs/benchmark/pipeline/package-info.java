/** How fast pictures become training pairs, from files and from shards, beside torchvision. */
package dev.fovea.jobs.benchmark.pipeline;
