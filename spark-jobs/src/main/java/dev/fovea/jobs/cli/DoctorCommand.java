package dev.fovea.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fovea.jobs.doctor.Doctor;
import dev.fovea.jobs.doctor.ExecutorsCheck;
import dev.fovea.jobs.doctor.Finding;
import dev.fovea.jobs.spark.session.SparkSetup;
import dev.fovea.jobs.support.console.Console;
import dev.fovea.jobs.support.console.Table;
import dev.fovea.jobs.support.console.UsageException;
import dev.fovea.model.config.Device;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds out what keeps Fovea from working here. */
@Command(
    name = "doctor",
    description = {
      "Check Java, processor, memory, engines, GPUs, disk and the paths named, and say what to do"
          + " about each finding.",
      "With --master every executor of the cluster is checked likewise, and that it sees the"
          + " driver's files.",
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

  @Mixin private SparkOptions spark = new SparkOptions();

  @Override
  protected int run(Console console) throws Exception {
    Device wanted;
    try {
      wanted = Device.of(device);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--device", device, e.getMessage());
    }
    SparkSetup setup = spark.setup();
    List<Finding> findings =
        new ArrayList<>(new Doctor(paths, wanted).examine(setup.hadoopConfiguration()));
    if (setup.onExecutors()) {
      try (JavaSparkContext context = setup.open("fovea doctor", cores -> cores)) {
        findings.addAll(new ExecutorsCheck(paths, wanted).examine(context));
      }
    }
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
