package dev.fovea.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Dependencies point one way: spark-jobs to model and datasets-prep, jobs to their tools. */
@AnalyzeClasses(packages = "dev.fovea", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] MODEL = {"dev.fovea", "dev.fovea.model.."};
  private static final String PICTURES = "dev.fovea.pictures..";
  private static final String JOBS = "dev.fovea.jobs..";

  @ArchTest
  static final ArchRule modelKnowsNoSparkNoHadoopAndNoPictures =
      noClasses()
          .that()
          .resideInAnyPackage(MODEL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "javax.imageio..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(PICTURES, JOBS);

  @ArchTest
  static final ArchRule picturesKnowNoNetworksAndNoSpark =
      noClasses()
          .that()
          .resideInAPackage(PICTURES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.deeplearning4j..", "org.nd4j..", "org.apache.spark..", "org.apache.hadoop..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(MODEL)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage(JOBS);

  @ArchTest
  static final ArchRule onlyOnePackageKnowsLibTorch =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.model.engine.torch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco.pytorch..");

  @ArchTest
  static final ArchRule onlyOneClassKnowsTheVectorApi =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.fovea.model.engine.vector.Kernels")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsPicocli =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.jobs.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule packagesOfTheModelAreFreeOfCycles =
      slices().matching("dev.fovea.model.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesOfPicturesAreFreeOfCycles =
      slices().matching("dev.fovea.pictures.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesOfTheJobsAreFreeOfCycles =
      slices().matching("dev.fovea.jobs.(**)").should().beFreeOfCycles();

  /** What the lines of packages deny: of Fovea they know the given packages, and none else. */
  private static final Map<String, List<String>> KNOW_ONLY =
      Map.ofEntries(
          entry("model.config", List.of()),
          entry("model.metric", List.of()),
          entry("pictures.metadata", List.of()),
          entry("pictures.picture", List.of("pictures.metadata")),
          entry("pictures.decode", List.of("pictures.metadata", "pictures.picture")),
          entry("pictures.encode", List.of("pictures.metadata", "pictures.picture")),
          entry("pictures.resample", List.of("pictures.picture")),
          entry("pictures.fingerprint", List.of("pictures.picture")),
          entry(
              "pictures.pairs",
              List.of("pictures.decode", "pictures.picture", "pictures.resample")),
          entry("jobs.support", List.of()),
          entry("jobs.spark.kryo", List.of()),
          entry("jobs.spark.counters", List.of()),
          entry("jobs.upscaling.audit", List.of("pictures")));

  private static final String[] NETWORKS = {
    "dev.fovea.model.engine..",
    "dev.fovea.model.graph..",
    "dev.fovea.model.loss..",
    "org.deeplearning4j.nn.."
  };

  private static final String[] HOW_NETWORKS_ARE_TRAINED = {"dev.fovea.jobs.training.."};

  /** What the lines of packages deny: they know none of the given packages. */
  private static final Map<String, String[]> KNOW_NOT =
      Map.ofEntries(
          entry(
              "model.optim", new String[] {"dev.fovea.model.engine..", "dev.fovea.model.graph.."}),
          entry("model.graph", new String[] {"dev.fovea.model.engine.."}),
          entry(
              "model.benchmark",
              new String[] {
                "dev.fovea.model.engine.nd4j..",
                "dev.fovea.model.engine.torch..",
                "dev.fovea.model.engine.vector.."
              }),
          entry("jobs.data.listing", new String[] {PICTURES}),
          entry(
              "jobs.data.shard",
              new String[] {
                "org.apache.spark..",
                "org.nd4j..",
                "org.deeplearning4j..",
                "dev.fovea.model..",
                "dev.fovea.pictures.decode.."
              }),
          entry("jobs.evaluation", HOW_NETWORKS_ARE_TRAINED),
          entry("jobs.evaluation.report", new String[] {"dev.fovea.model.metric.."}),
          entry("jobs.models.store", new String[] {"org.apache.spark.."}),
          entry("jobs.runs", HOW_NETWORKS_ARE_TRAINED),
          entry("jobs.spark.memory", new String[] {"dev.fovea.model.engine.."}),
          entry(
              "jobs.spark.session",
              new String[] {
                "dev.fovea.jobs.cli..",
                "dev.fovea.jobs.data..",
                "dev.fovea.jobs.training..",
                "dev.fovea.jobs.evaluation..",
                "dev.fovea.jobs.upscaling..",
                "dev.fovea.jobs.models..",
                "dev.fovea.jobs.runs.."
              }),
          entry(
              "jobs.support.page",
              new String[] {"org.apache.spark..", "org.nd4j..", "org.deeplearning4j.."}),
          entry("jobs.training.averaging", new String[] {PICTURES, "dev.fovea.jobs.data.."}),
          entry("jobs.training.epoch", NETWORKS),
          entry(
              "jobs.training.loop",
              new String[] {
                "dev.fovea.jobs.training.stage1..", "dev.fovea.jobs.training.stage2.."
              }),
          entry("jobs.upscaling.archive", HOW_NETWORKS_ARE_TRAINED),
          entry(
              "jobs.upscaling.single",
              new String[] {
                "org.apache.spark..", "dev.fovea.model.metric..", "dev.fovea.jobs.training.."
              }));

  @ArchTest
  static void packagesKnowOfFoveaWhatTheirLinesSay(JavaClasses classes) {
    KNOW_ONLY.forEach(
        (name, known) -> {
          String[] allowed =
              Stream.concat(Stream.of(name), known.stream())
                  .map(each -> "dev.fovea." + each + "..")
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage("dev.fovea." + name + "..")
              .should()
              .dependOnClassesThat(
                  resideInAPackage("dev.fovea..").and(resideOutsideOfPackages(allowed)))
              .check(classes);
        });
  }

  @ArchTest
  static void packagesKnowNothingOfWhatTheirLinesDeny(JavaClasses classes) {
    KNOW_NOT.forEach(
        (name, denied) ->
            noClasses()
                .that()
                .resideInAPackage("dev.fovea." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(denied)
                .check(classes));
  }

  @ArchTest
  static final ArchRule formatsOfFilesKnowNoFileSystem =
      noClasses()
          .that()
          .resideInAnyPackage("dev.fovea.model.checkpoint..", "dev.fovea.model.exchange..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.io\\.(File|FileInputStream|FileOutputStream|RandomAccessFile)"
                  + "|java\\.nio\\.file\\.(Files|Path|Paths|FileSystems)");

  @ArchTest
  static final ArchRule onlyOnePackageKnowsTrainingOnSparkAsDl4jHasIt =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.jobs.training.averaging.dl4j")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j.spark..");

  @ArchTest
  static final ArchRule roundsAreDescribedWithoutSpark =
      noClasses()
          .that()
          .resideInAPackage("dev.fovea.jobs.training.averaging")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");
}
