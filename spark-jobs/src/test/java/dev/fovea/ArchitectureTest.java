package dev.fovea;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: spark-jobs to model and datasets-prep, jobs to their tools. */
@AnalyzeClasses(packages = "dev.fovea", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] MODEL = {
    "dev.fovea.config..",
    "dev.fovea.graph..",
    "dev.fovea.loss..",
    "dev.fovea.engine..",
    "dev.fovea.optim..",
    "dev.fovea.metric..",
    "dev.fovea.checkpoint..",
    "dev.fovea.exchange..",
    "dev.fovea.host..",
    "dev.fovea.library..",
    "dev.fovea.benchmark.."
  };
  private static final String[] PICTURES = {
    "dev.fovea.picture..",
    "dev.fovea.decode..",
    "dev.fovea.encode..",
    "dev.fovea.resample..",
    "dev.fovea.augment..",
    "dev.fovea.fingerprint.."
  };

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
          .resideInAnyPackage(PICTURES);

  @ArchTest
  static final ArchRule picturesKnowNoNetworksAndNoSpark =
      noClasses()
          .that()
          .resideInAnyPackage(PICTURES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.deeplearning4j..", "org.nd4j..", "org.apache.spark..", "org.apache.hadoop..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(MODEL);

  @ArchTest
  static final ArchRule onlyOnePackageKnowsLibTorch =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.engine.torch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco.pytorch..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsPicocli =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("dev.fovea.(*)..").should().beFreeOfCycles();
}
