/**
 * What a network, its loss, its optimiser and its device are: checked records that know nothing
 * else of Fovea.
 */
package dev.fovea.model.config;
