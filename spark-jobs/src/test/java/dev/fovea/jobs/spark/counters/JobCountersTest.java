package dev.fovea.jobs.spark.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.spark.session.SparkSetup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.JobData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** Counters and descriptions as somebody meets them who looks at Spark's pages. */
class JobCountersTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new SparkSetup(
                Optional.of("local[2,2]"),
                Map.of(
                    "spark.ui.enabled", "true",
                    "spark.ui.port", "0",
                    "spark.metrics.namespace", "test",
                    "spark.metrics.conf.*.sink.prometheusServlet.class",
                        "org.apache.spark.metrics.sink.PrometheusServlet",
                    "spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus"))
            .open("counters", cores -> 1);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void prometheusReadsWhatTasksCounted() throws Exception {
    JobCounter counter = JobCounters.of(spark).counter("prepare.pictures");
    spark
        .parallelize(List.of(1, 2, 3, 4), 2)
        .foreach(
            number -> {
              counter.add(number);
            });
    JobCounters.of(spark).durations("prepare.chunk").since(System.nanoTime() - 250_000_000);

    assertThat(scraped().lines().toList())
        .contains("metrics_test_driver_fovea_prepare_pictures_Count{type=\"counters\"} 10")
        .contains(
            "metrics_test_driver_fovea_prepare_chunk_milliseconds_Count{type=\"histograms\"} 1")
        .anyMatch(
            line ->
                line.matches(
                    "metrics_test_driver_fovea_prepare_chunk_milliseconds_Mean\\{.*} 2[5-9]\\d\\..*"));
  }

  @Test
  void taskThatIsTriedAgainCountsOnce() {
    JobCounter counter = JobCounters.of(spark).counter("prepare.retried");

    spark
        .parallelize(List.of(1, 1, 1), 1)
        .foreachPartition(
            numbers -> {
              numbers.forEachRemaining(counter::add);
              if (TaskContext.get().attemptNumber() == 0) {
                throw new IOException("the first attempt fails");
              }
            });

    assertThat(counter.value()).isEqualTo(3);
  }

  @Test
  void sameNameIsTheSameCounter() {
    JobCounters.of(spark).counter("archive.pictures").add(2);
    JobCounters.of(spark).counter("archive.pictures").add(3);

    assertThat(JobCounters.of(spark).counter("archive.pictures").value()).isEqualTo(5);
  }

  @Test
  void namesThatWouldLookOddInPrometheusAreRefused() {
    assertThatThrownBy(() -> JobCounters.of(spark).counter("Pictures done"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'Pictures done'");
  }

  @Test
  @SuppressWarnings("deprecation") // Scala 2.12 has no other.
  void jobsAndStagesBearTheDescription() throws Exception {
    JobDescription.during(
        spark,
        "archive",
        () ->
            JobDescription.during(
                spark, "count four", () -> spark.parallelize(List.of(1, 2)).count()));
    long without = spark.parallelize(List.of(1)).count();

    assertThat(without).isEqualTo(1);
    spark.sc().listenerBus().waitUntilEmpty();
    List<JobData> jobs =
        JavaConverters.seqAsJavaList(
            spark.sc().statusStore().jobsList(List.<JobExecutionStatus>of()));
    assertThat(jobs)
        .filteredOn(job -> job.name().equals("count four"))
        .singleElement()
        .extracting(job -> job.description().get())
        .isEqualTo("archive: count four");
    assertThat(jobs).filteredOn(job -> job.name().startsWith("count at ")).isNotEmpty();
  }

  private static String scraped() throws IOException, InterruptedException {
    return get(spark.sc().uiWebUrl().get() + "/metrics/prometheus/");
  }

  private static String get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }
}
