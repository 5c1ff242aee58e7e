package dev.fovea.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fovea.config.Device;
import dev.fovea.console.Console;
import dev.fovea.console.Table;
import dev.fovea.console.UsageException;
import dev.fovea.doctor.Doctor;
import dev.fovea.doctor.Finding;
import dev.fovea.spark.SparkSetup;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds out what keeps Fovea from working here. */
@Command(
    name = "doctor",
    description = {
      "Check Java, processor, memory, engines, GPUs, disk and the paths named, and say what to do"
          + " about each finding.",
      "The exit code is 1 if something does not work."
    })
final class DoctorCommand extends FoveaCommand {
  @Option(
      names = "--path",
      arity = "1..*",
      paramLabel = "FOLDER",
      description =
          "Folders that jobs will read and write; local or any Hadoop path. A file is written"
              + " there, read and deleted.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "DEVICE",
      description = "auto, cpu, cuda or cuda:N; cuda makes a GPU that cannot be used a failure.")
  private String device;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  protected int run(Console console) throws Exception {
    Device wanted;
    try {
      wanted = Device.of(device);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--device", device, e.getMessage());
    }
    List<Finding> findings =
        new Doctor(paths, wanted).examine(SparkSetup.embedded().hadoopConfiguration());
    if (json) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .writeValueAsString(Doctor.json(findings))
          .lines()
          .forEach(console::line);
    } else {
      Table table = new Table("", "", "");
      for (Finding finding : findings) {
        table.row(finding.subject(), finding.state().id(), finding.found());
        if (!finding.advice().isEmpty()) {
          table.row("", "", "-> " + finding.advice());
        }
      }
      console.table(table);
    }
    return Doctor.worst(findings) == Finding.State.FAILED ? ExitCode.FAILED : ExitCode.DONE;
  }
}
