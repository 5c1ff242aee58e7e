/**
 * What an epoch trains on and how its pictures reach the device; knows shards, pictures and plans,
 * and nothing of networks.
 */
package dev.fovea.jobs.training.epoch;
