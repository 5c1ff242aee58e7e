package dev.fovea.jobs.data.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.support.console.Setting;
import dev.fovea.jobs.support.console.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFolderTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void earlierResultsAreNoInputs() throws IOException {
    photos();
    for (InputListing listing : List.of(list(local(), "photos"), list(remote(), "photos"))) {
      assertThat(listing.files())
          .extracting(file -> file.path().substring(file.path().indexOf("/photos/")))
          .containsExactly("/photos/a.png", "/photos/foreign/report.json", "/photos/trip/b.png");
      assertThat(listing.leftOut())
          .hasSize(4)
          .anyMatch(line -> line.endsWith("/photos/large: left out, it holds results of upscale"))
          .anyMatch(line -> line.endsWith("/trip/shards: left out, it holds shards of prepare"))
          .anyMatch(
              line -> line.endsWith("/photos/report: left out, it holds a report of evaluate"))
          .anyMatch(line -> line.endsWith("/photos/run: left out, it holds the record of a run"));
    }
  }

  @Test
  void resultsThatAreAskedForAreInputs() throws IOException {
    photos();

    assertThat(list(local(), "photos/large").files()).hasSize(1);
    assertThat(list(remote(), "photos/large").files()).hasSize(1);
    write("only/large/_fovea/upscale.json");
    write("only/large/a.png");
    assertThatThrownBy(() -> list(local(), "only"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("there is no file in them but for results: ")
        .hasMessageContaining("only/large: left out");
  }

  private void photos() throws IOException {
    write("photos/a.png");
    write("photos/trip/b.png");
    write("photos/large/a.png.png");
    write("photos/large/_fovea/upscale.json");
    write("photos/trip/shards/shard-000000.parquet");
    write("photos/trip/shards/_fovea/prepare.json");
    write("photos/report/report.json");
    write("photos/report/per-image.csv");
    write("photos/report/pictures/a.png");
    write("photos/run/run.json");
    write("photos/run/status.json");
    write("photos/run/samples/a.png");
    write("photos/foreign/report.json");
  }

  private void write(String path) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), path);
  }

  private static InputListing list(Configuration configuration, String path) throws IOException {
    String root = configuration.get("root");
    return InputListing.of(
        configuration, Setting.IMAGES_PATH, List.of(root + path), new Path("file:/nowhere"));
  }

  private Configuration local() {
    Configuration configuration = new Configuration();
    configuration.set("root", "file:" + folder + "/");
    return configuration;
  }

  /** The same files by a file system that is not known to be this machine's. */
  private Configuration remote() {
    Configuration configuration = new Configuration();
    configuration.setBoolean("fs.viewfs.impl.disable.cache", true);
    configuration.set("root", "viewfs://far/in/");
    configuration.set("fs.viewfs.mounttable.far.link./in", "file:" + folder);
    return configuration;
  }
}
