/**
 * Runs rounds of averaging inside DL4J's training on Spark.
 *
 * <p>Of DL4J run: {@code SparkComputationGraph.fitPaths}, which has the training master run a
 * round; the master's {@code doIterationPaths}, which starts one task for each worker; and the
 * task's loop, which loads each mini-batch through a {@code MultiDataSetLoader} and hands it to the
 * worker. Replaced are the cutting of the data into partitions ({@code
 * executeTrainingPathsHelper}), what is broadcast and which worker is made of it ({@code
 * getWorkerInstance}), how a worker opens its network and takes a step ({@code
 * getInitialModelGraph}, {@code processMinibatch}), and the mean ({@code processResults}): DL4J's
 * weighs workers alike and sums in the order of arrival, ours weighs them by samples and sums in
 * the order of the workers.
 *
 * <p>Knows flat vectors, steps and mini-batches, and nothing of pictures.
 */
package dev.fovea.jobs.training.averaging.dl4j;
