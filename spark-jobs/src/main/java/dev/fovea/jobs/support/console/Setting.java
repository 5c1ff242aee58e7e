package dev.fovea.jobs.support.console;

import java.util.Locale;

/**
 * What a job can be told, for messages that name it. A job knows settings; what they are called
 * where they are given is known here, and the command line has an option for each.
 */
public enum Setting {
  ADVERSARIAL,
  ANIMATIONS,
  AVERAGING_FREQUENCY,
  BASE_MODEL_PATH,
  BATCH_SIZE,
  CANDIDATE,
  CHECKPOINT_PATH,
  CONFIG,
  CONFIG_PATH,
  CRITIC_LEARNING_RATE,
  CRITIC_MODEL_SIZE,
  CRITIC_WARMUP_EPOCHS,
  CROP_MODE,
  DATASET_NAME,
  EXECUTORS,
  FORMAT,
  GLOBAL_BATCH_SIZE,
  IMAGE_PATH,
  IMAGES_LIST,
  IMAGES_PATH,
  LOW_RESOLUTION_PATH,
  MARGIN,
  MASTER,
  MAX_MEGAPIXELS,
  MODEL,
  ORIGINAL,
  OUTPUT_NAME,
  OUTPUT_PATH,
  OVERWRITE,
  PICTURE_SECONDS,
  PNG_LEVEL,
  PRECISION,
  PROTOCOL,
  QUALITY,
  REGISTRY,
  REPORT_PATH,
  RESUME,
  ROLLBACK_TO,
  RUN_DIR_PATH,
  SEED,
  SIDE_BY_SIDE_PATH,
  SPARK_CONF,
  SUB_IMAGE_SIZE,
  TARGET_RESOLUTION,
  TEST_IMAGES_PATH,
  TRAIN_IMAGES_PATH,
  UPSCALE_RATIO,
  WEIGHTS;

  /** As it is typed, such as {@code --output-path}. */
  @Override
  public String toString() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
