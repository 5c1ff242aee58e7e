package dev.fovea.jobs.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.data.shard.ShardException;
import dev.fovea.jobs.data.shard.ShardFolder;
import dev.fovea.jobs.data.shard.ShardRow;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.metadata.Metadata;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.Samples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code prepare}, from its options to what lies in the output folder. */
class PrepareTest {
  @TempDir Path folder;

  @Test
  void aFolderBecomesShardsInTheOrderOfItsPaths() throws IOException {
    SamplePictures.write(in("b.png"), 1, 30, 20);
    SamplePictures.write(in("deep/er/a.png"), 2, 10, 40);
    SamplePictures.write(in("a.png"), 3, 16, 16);
    CommandRun run = prepare();

    assertThat(run).extracting(CommandRun::code, CommandRun::err).containsExactly(0, "");
    Shards shards = Shards.in(out());
    assertThat(shards.names()).containsExactly("a.png", "b.png", "a.png");
    assertThat(shards.rows().get(1).bytes()).isEqualTo(Files.readAllBytes(in("b.png")));
    assertThat(shards.index().width(2)).isEqualTo(10);
    assertThat(shards.index().height(2)).isEqualTo(40);
    assertThat(shards.manifest().settings()).containsEntry("sub-image-size", "none");
    assertThat(shards.manifest().fingerprint()).isEqualTo(shards.index().fingerprint());
    assertThat(run.out()).contains("kept        3", "3 rows in 1 shard");
  }

  @Test
  void rejectedFilesAreCountedAndListedWithTheirReason() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    byte[] whole = Files.readAllBytes(in("a.png"));
    Files.write(in("cut.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(in("text.jpg"), "not a picture");
    Files.createFile(in("empty.png"));
    Files.createSymbolicLink(in("dangling.png"), in("nowhere.png"));
    SamplePictures.write(in("wide.png"), 2, 1100, 1000);
    CommandRun run = prepare("--max-megapixels", "1");

    assertThat(run.code()).isZero();
    assertThat(Shards.in(out()).names()).containsExactly("a.png");
    assertThat(run.out()).contains("rejected    5", "_fovea/rejected.jsonl");
    List<String> lines = Files.readAllLines(out().resolve("_fovea/rejected.jsonl"));
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).contains("cut.png\",\"reason\":\"PNG");
    assertThat(lines.get(1)).contains("dangling.png\",\"reason\":\"cannot be read");
    assertThat(lines.get(2)).contains("empty.png\",\"reason\":\"the file is empty");
    assertThat(lines.get(3)).contains("text.jpg");
    assertThat(lines.get(4)).contains("wide.png").contains("1100x1000");

    assertThat(prepare("--max-megapixels", "1", "--fail-on-rejected").code()).isEqualTo(3);
  }

  @Test
  void equalFilesAreKeptOnceAndEqualDamagedFilesAreAllRejected() throws IOException {
    SamplePictures.write(in("b.png"), 1, 8, 8);
    Files.copy(in("b.png"), in("a.png"));
    Files.copy(in("b.png"), in("c.png"));
    SamplePictures.write(in("other.png"), 2, 8, 8);
    Files.writeString(in("x.jpg"), "damaged");
    Files.writeString(in("y.jpg"), "damaged");
    prepare();

    Shards shards = Shards.in(out());
    assertThat(shards.names()).containsExactly("a.png", "other.png");
    assertThat(shards.count("duplicates")).isEqualTo(2);
    assertThat(shards.count("rejected")).isEqualTo(2);
  }

  @Test
  void whatIsNotPlainIsStoredAsPngWithoutAlpha() throws IOException {
    Picture opaque = SamplePictures.picture(1, 4, 4);
    Picture seeThrough =
        new Picture(
            4,
            4,
            false,
            opaque.samples(),
            Optional.of(new Samples.Bytes(new byte[16])),
            Metadata.NONE);
    Files.createDirectories(in(""));
    Files.write(in("alpha.png"), PngEncoder.encode(seeThrough));
    prepare();

    Shards shards = Shards.in(out());
    assertThat(shards.count("reencoded")).isEqualTo(1);
    assertThat(shards.rows().get(0).bytes()).isEqualTo(PngEncoder.encode(opaque));
  }

  @Test
  void subImagesCoverThePictureExactly() throws IOException {
    SamplePictures.write(in("large.png"), 1, 100, 70);
    SamplePictures.write(in("exact.png"), 2, 32, 32);
    SamplePictures.write(in("low.png"), 3, 100, 31);
    prepare("--sub-image-size", "32");

    Shards shards = Shards.in(out());
    assertThat(shards.names()).startsWith("exact.png", "large.png#xywh=0,0,32,32");
    assertThat(shards.names()).endsWith("large.png#xywh=68,38,32,32", "low.png");
    assertThat(shards.names()).hasSize(1 + 4 * 3 + 1);
    assertThat(shards.count("kept")).isEqualTo(3);

    Picture large = SamplePictures.picture(1, 100, 70);
    float[] assembled = new float[3 * 100 * 70];
    Arrays.fill(assembled, -1);
    for (ShardRow row : shards.rows()) {
      if (row.path().contains("large.png")) {
        place(row, assembled, 100, 70);
      }
    }
    assertThat(assembled).isEqualTo(large.toPlanes().samples());
  }

  @Test
  void whatIsThereAlreadyIsNotDoneAgain() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    prepare();
    FileTime before = Files.getLastModifiedTime(out().resolve("shard-000000.parquet"));
    CommandRun again = prepare();

    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("kept        1", "up to date, nothing to do");
    assertThat(Files.getLastModifiedTime(out().resolve("shard-000000.parquet"))).isEqualTo(before);
  }

  @Test
  void termsAreRecordedAndMayBeCorrectedWithoutPreparingAgain() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    ShardFolder shards =
        new ShardFolder(new Configuration(), new org.apache.hadoop.fs.Path(out().toUri()));
    prepare();
    assertThat(shards.terms()).isEmpty();
    assertThat(prepare("--terms", "CC BY 4.0").out()).contains("up to date, nothing to do");
    assertThat(shards.terms()).contains("CC BY 4.0");
    prepare();
    assertThat(shards.terms()).contains("CC BY 4.0");
  }

  @Test
  void otherSettingsOrOtherPicturesNeedOverwrite() throws IOException {
    SamplePictures.write(in("a.png"), 1, 40, 40);
    prepare();

    CommandRun otherSettings = prepare("--sub-image-size", "16");
    assertThat(otherSettings.code()).isEqualTo(2);
    assertThat(otherSettings.errors())
        .singleElement()
        .asString()
        .contains("--output-path", "made with sub-image-size none instead of 16", "--overwrite");

    SamplePictures.write(in("b.png"), 2, 40, 40);
    CommandRun otherPictures = prepare();
    assertThat(otherPictures.code()).isEqualTo(2);
    assertThat(otherPictures.err()).contains("of other pictures");

    assertThat(prepare("--overwrite").code()).isZero();
    assertThat(Shards.in(out()).names()).containsExactly("a.png", "b.png");
  }

  @Test
  void foreignFilesInTheOutputAreNeitherTakenNorDeleted() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    Files.createDirectories(out());
    Files.writeString(out().resolve("thesis.txt"), "ten years");

    CommandRun refused = prepare();
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("it is not empty and holds no shards");

    assertThat(prepare("--overwrite").code()).isZero();
    assertThat(out().resolve("thesis.txt")).hasContent("ten years");
  }

  @Test
  void whatAKilledRunLeftIsNotTakenForWholeAndIsReplaced() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    prepare();
    // As a run leaves it that is killed while it writes its second shard.
    Files.delete(out().resolve("_fovea/prepare.json"));
    Files.writeString(out().resolve("_fovea/started"), "another run");
    Files.writeString(out().resolve("shard-000001.parquet"), "PAR1 half");
    assertThatExceptionOfType(ShardException.class)
        .isThrownBy(() -> Shards.in(out()))
        .withMessageContaining("not a folder of whole shards");

    CommandRun run = prepare();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("what an unfinished run left there is replaced");
    assertThat(Shards.in(out()).names()).containsExactly("a.png");
    assertThat(out().resolve("shard-000001.parquet")).doesNotExist();
    assertThat(out().resolve("_fovea/started")).doesNotExist();
  }

  @Test
  void aShardThatWentMissingIsMadeAgain() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    prepare();
    Files.delete(out().resolve("shard-000000.parquet"));

    assertThat(prepare().code()).isZero();
    assertThat(Shards.in(out()).names()).containsExactly("a.png");
  }

  @Test
  void theShardsDoNotDependOnTheParallelism() throws IOException {
    for (int i = 0; i < 12; i++) {
      SamplePictures.write(in("%02d.png".formatted(i)), i, 60, 50);
      // Fills a chunk, so that there are several shards.
      if (i % 4 == 3) {
        try (RandomAccessFile zeros =
            new RandomAccessFile(in("%02dz".formatted(i)).toFile(), "rw")) {
          zeros.setLength((33 << 20) + i);
        }
      }
    }
    run(List.of(in("").toString()), folder.resolve("one"), "--master", "local[1]");
    run(
        List.of(in("").toString()),
        folder.resolve("three"),
        "--master=local[3]",
        "--spark_conf",
        "spark.task.cpus=1");

    List<String> shards = fileNames(folder.resolve("one"));
    assertThat(shards).hasSize(3).isEqualTo(fileNames(folder.resolve("three")));
    for (String shard : shards) {
      assertThat(folder.resolve("one").resolve(shard))
          .hasSameBinaryContentAs(folder.resolve("three").resolve(shard));
    }
    assertThat(Shards.in(folder.resolve("one")).manifest())
        .isEqualTo(Shards.in(folder.resolve("three")).manifest());
  }

  @Test
  void globsFilesAndFoldersMayBeMixedAndAFileCountsOnce() throws IOException {
    SamplePictures.write(in("x/one.png"), 1, 8, 8);
    SamplePictures.write(in("x/two.png"), 2, 8, 8);
    SamplePictures.write(in("x/three.gif"), 3, 8, 8);
    SamplePictures.write(in("y/four.png"), 4, 8, 8);
    SamplePictures.write(in("[z]/five.png"), 5, 8, 8);
    List<String> inputs =
        Stream.of("x/t*.{png,gif}", "x/two.png", "y", "[z]").map(n -> in(n).toString()).toList();

    assertThat(run(inputs, out()).code()).isZero();
    assertThat(Shards.in(out()).names())
        .containsExactlyInAnyOrder("three.gif", "two.png", "four.png", "five.png");
  }

  @Test
  void everyNameIsTakenButWhatIsHiddenOrOurs() throws IOException {
    List<String> taken =
        List.of(
            "12:30.png",
            "two words & (brackets) [x].png",
            "100%25#1;$HOME.png",
            "_DSC0001.png",
            ".hidden.png",
            "-rf.png",
            "quote's \"double\".png",
            "фото_日本語_🙂.png",
            "no extension");
    for (int i = 0; i < taken.size(); i++) {
      SamplePictures.write(in(taken.get(i)), i, 8, 8);
    }
    for (String left : List.of("._a.png", ".DS_Store", ".git/b.png", "_fovea/c.png", "_SUCCESS")) {
      SamplePictures.write(in(left), 99, 8, 8);
    }
    Files.createDirectories(in("folder.png"));
    Files.createSymbolicLink(in("loop"), in(""));

    CommandRun run = prepare();
    assertThat(run).extracting(CommandRun::code, CommandRun::err).containsExactly(0, "");
    assertThat(Shards.in(out()).names()).containsExactlyInAnyOrderElementsOf(taken);
    assertThat(out().resolve("_fovea/rejected.jsonl")).isEmptyFile();
  }

  @Test
  void theOutputInsideTheInputIsNotAnInput() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    Path inside = in("shards");

    assertThat(run(List.of(in("").toString()), inside).code()).isZero();
    assertThat(run(List.of(in("").toString()), inside).out()).contains("up to date");
    assertThat(Shards.in(inside).count("rejected")).isZero();
  }

  @Test
  void inputsThatCannotBeUsedAreNamed() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path texts = Files.createDirectories(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "a");

    assertUsage(folder.resolve("none").toString(), "there is no such folder or file");
    assertUsage(empty.toString(), "there is no file in it");
    assertUsage(folder + "/*.png", "it matches no folder and no file");
    assertUsage(texts.toString(), "none of 1 files can be used as a picture; the first, ");
    assertUsage("nofs://host/pictures", "");
    assertUsage(folder + "/{a", "");
    assertThat(out().resolve("_fovea")).doesNotExist();
  }

  @Test
  void outputsThatCannotBeUsedAreNamed() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    List<String> inputs = List.of(in("").toString());
    for (Path unusable : List.of(in("a.png"), in("a.png").resolve("below"), Path.of("/proc/x"))) {
      CommandRun run = run(inputs, unusable);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errors())
          .singleElement()
          .asString()
          .startsWith("fovea prepare: --output-path '")
          .contains(unusable.toString());
    }
  }

  @Test
  void theReferencesSpellingIsUnderstood() throws IOException {
    SamplePictures.write(in("a.png"), 1, 8, 8);
    CommandRun run =
        CommandRun.of(
            "prepare",
            "--images_path=" + in(""),
            "--output_path",
            out().toString(),
            "--master=local");

    assertThat(run.code()).isZero();
    assertThat(Shards.in(out()).names()).containsExactly("a.png");
  }

  private void assertUsage(String input, String message) {
    CommandRun run = run(List.of(input), out());
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .startsWith("fovea prepare: --images-path '" + input + "': ")
        .contains(message);
  }

  private CommandRun prepare(String... options) {
    return run(List.of(in("").toString()), out(), options);
  }

  private static CommandRun run(List<String> inputs, Path output, String... options) {
    List<String> arguments = new ArrayList<>(List.of("prepare", "--master", "local[2]"));
    arguments.add("--images-path");
    arguments.addAll(inputs);
    arguments.addAll(List.of("--output-path", output.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private Path in(String name) {
    return folder.resolve("in put").resolve(name);
  }

  private Path out() {
    return folder.resolve("out put");
  }

  private static List<String> fileNames(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("shard-"))
          .sorted()
          .toList();
    }
  }

  private static void place(ShardRow row, float[] into, int width, int height) throws IOException {
    String[] xywh = row.path().substring(row.path().indexOf('=') + 1).split(",", -1);
    int left = Integer.parseInt(xywh[0]);
    int top = Integer.parseInt(xywh[1]);
    Picture tile =
        PictureDecoder.decode(row.bytes(), Limits.defaults(), ColourPolicy.SRGB).picture();
    float[] samples = tile.toPlanes().samples();
    int size = tile.width() * tile.height();
    for (int i = 0; i < samples.length; i++) {
      int x = left + i % tile.width();
      int y = top + i % size / tile.width();
      into[(i / size * height + y) * width + x] = samples[i];
    }
  }
}
