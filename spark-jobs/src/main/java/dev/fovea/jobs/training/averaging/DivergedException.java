package dev.fovea.jobs.training.averaging;

import java.util.List;

/** An optimiser step gave figures or parameters that are not finite numbers. */
public final class DivergedException extends TrainingStoppedException {
  private static final long serialVersionUID = 1;

  private static final int NAMED = 8;

  private final long step;
  private final transient List<String> pictures;

  public DivergedException(long step, String what, List<String> pictures) {
    super(
        "training diverged in step %d: %s; its pictures: %s%s"
            .formatted(
                step,
                what,
                String.join(", ", pictures.subList(0, Math.min(NAMED, pictures.size()))),
                pictures.size() > NAMED ? " and %d more".formatted(pictures.size() - NAMED) : ""));
    this.step = step;
    this.pictures = List.copyOf(pictures);
  }

  /** The number of the step in the run. */
  public long step() {
    return step;
  }

  /** The pictures of the step. */
  public List<String> pictures() {
    return pictures;
  }
}
