package dev.fovea.jobs.spark.counters;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Says in a person's words what Spark jobs are for: as the job's description and as its stages'
 * name in Spark's pages.
 */
public final class JobDescription {
  private static final String DESCRIPTION = "spark.job.description";
  private static final String STAGE_NAME = "callSite.short";

  private JobDescription() {}

  /** Whatever starts Spark jobs. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Describes the jobs that the work starts on this thread. A description inside another is told
   * with the outer one in front.
   *
   * @param text a few words, such as {@code prepare 300 files in 4 shards}
   * @return what the work returns
   */
  public static <T, E extends Exception> T during(
      JavaSparkContext spark, String text, Work<T, E> work) throws E {
    String outerDescription = spark.getLocalProperty(DESCRIPTION);
    String outerStageName = spark.getLocalProperty(STAGE_NAME);
    spark.setLocalProperty(
        DESCRIPTION,
        Optional.ofNullable(outerDescription).map(outer -> outer + ": " + text).orElse(text));
    spark.setLocalProperty(STAGE_NAME, text);
    try {
      return work.run();
    } finally {
      spark.setLocalProperty(DESCRIPTION, outerDescription);
      spark.setLocalProperty(STAGE_NAME, outerStageName);
    }
  }
}
