package dev.fovea.jobs.training.averaging.dl4j;

import java.io.Serializable;

/** What travels from the tasks that train to those that average, and from these to the driver. */
sealed interface Contribution extends Serializable permits Share, WorkerAccount {}
