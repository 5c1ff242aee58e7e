package dev.fovea.jobs.training.averaging;

/**
 * A round found something that ends the run; the message is one line. The parameters are still
 * those before the round.
 */
public class TrainingStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TrainingStoppedException(String message) {
    super(message);
  }
}
