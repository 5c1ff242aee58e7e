package dev.fovea.jobs.cli;

import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Figures;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.model.shipped.ShippedModel;
import dev.fovea.model.shipped.ShippedModelCard.Quality;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Lists the models that come with Fovea. */
@Command(
    name = "models",
    description = {
      "List the trained models that come with Fovea.",
      "Their names stand wherever a checkpoint does: upscale, evaluate, export, info and"
          + " --base-model-path of fine-tune. 'fovea info --checkpoint-path NAME' prints a model's"
          + " card, with the terms of what it was trained on."
    })
final class ModelsCommand extends FoveaCommand {
  @Override
  protected int run(Console console) {
    Table table = new Table("name", "ratio", "size", "parameters", "stored", "PSNR in dB");
    for (ShippedModel model : ShippedModel.all()) {
      table.row(
          model.name(),
          model.config().upscaleRatio() + "x",
          model.card().size(),
          Figures.count(model.config().parameterCount()),
          Figures.bytes(model.storedBytes()),
          model.card().quality().stream()
              .map(ModelsCommand::figure)
              .collect(Collectors.joining(", ")));
    }
    console.table(table);
    for (ShippedModel model : ShippedModel.all()) {
      console.line(
          "%s: trained by %s, on %s; %s"
              .formatted(
                  model.name(),
                  model.card().trainedBy(),
                  model.card().data(),
                  model.card().terms()));
    }
    return ExitCode.DONE;
  }

  private static String figure(Quality quality) {
    return String.format(
        Locale.ROOT, "%s %.2f (%s)", quality.dataset(), quality.psnr(), quality.protocol());
  }
}
