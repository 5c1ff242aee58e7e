package dev.fovea.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
}
