/** Which model goes into service: the rule by which a candidate is let in, and what comes of it. */
package dev.fovea.jobs.models.promotion;
