package dev.fovea.model.checkpoint;

/**
 * What made a checkpoint.
 *
 * @param fovea version of this program
 * @param deeplearning4j version of DL4J
 * @param spark version of Spark
 * @param engine name of the engine that trained, such as {@code nd4j}
 * @param precision number format of the engine's convolutions, such as {@code fp32}
 * @param dataFingerprint what tells the training data apart from other data
 */
public record Provenance(
    String fovea,
    String deeplearning4j,
    String spark,
    String engine,
    String precision,
    String dataFingerprint) {
  /**
   * @throws NullPointerException if something is missing
   */
  public Provenance {
    Checks.present("provenance.fovea", fovea);
    Checks.present("provenance.deeplearning4j", deeplearning4j);
    Checks.present("provenance.spark", spark);
    Checks.present("provenance.engine", engine);
    Checks.present("provenance.precision", precision);
    Checks.present("provenance.data_fingerprint", dataFingerprint);
  }
}
