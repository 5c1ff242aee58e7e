package dev.fovea.jobs.upscaling.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.cli.CommandRun;
import dev.fovea.jobs.upscaling.archive.Outcome.Rejected;
import dev.fovea.jobs.upscaling.archive.Outcome.Skipped;
import dev.fovea.jobs.upscaling.archive.Outcome.Upscaled;
import dev.fovea.jobs.upscaling.single.PictureUpscaler;
import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.jobs.upscaling.single.TiledUpscaler;
import dev.fovea.jobs.upscaling.single.Tiling;
import dev.fovea.model.engine.Upscaler;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.Encoding;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on archives of a few small pictures, with a random network that upscales twice. */
class ArchiveCommandTest {
  @TempDir static Path shared;

  private static Path checkpoint;
  private static Path otherCheckpoint;

  @TempDir Path folder;

  private Path in;
  private Path out;

  @BeforeAll
  static void train() throws IOException {
    checkpoint = shared.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(2), 1);
    otherCheckpoint = shared.resolve("other");
    TestCheckpoints.save(otherCheckpoint, TestModels.small(2), 2);
  }

  @BeforeEach
  void folders() {
    in = folder.resolve("in");
    out = folder.resolve("out");
  }

  @Test
  void everyInputIsAccountedForWhateverItIs() throws IOException {
    png("a/photo.png", TestPictures.rgb(60, 40, 1));
    png("a/b/grey.png", TestPictures.grey(33, 47, 2));
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    png("rich.png", TestPictures.rich(30, 30, 3).withIcc(Optional.of(profile)));
    write("photo.jpg", new Encoding.Jpeg(90).encode(TestPictures.rgb(24, 24, 4)));
    png("one.png", TestPictures.rgb(1, 1, 5));
    png("new\nline.png", TestPictures.rgb(9, 9, 6));
    png("co:lon.png", TestPictures.rgb(9, 9, 7));
    png("..png", TestPictures.rgb(9, 9, 8));
    png("n".repeat(251) + ".png", TestPictures.rgb(9, 9, 9));
    byte[] whole = PngEncoder.encode(TestPictures.rgb(20, 20, 10));
    write("half.png", Arrays.copyOf(whole, whole.length / 2));
    write("notes.txt", "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path outside = Files.write(folder.resolve("outside.png"), whole);
    Files.createSymbolicLink(in.resolve("link.png"), outside);
    Files.createSymbolicLink(in.resolve("nowhere.png"), folder.resolve("none"));
    Files.createSymbolicLink(in.resolve("circle"), in);

    CommandRun run = upscale("--images-path", in, "--fail-on-rejected");

    assertThat(run.code()).as(run.err()).isEqualTo(3);
    List<Outcome> manifest = OutputFiles.manifest(out);
    assertThat(manifest).hasSize(13);
    assertThat(rejected(manifest).keySet())
        .containsExactlyInAnyOrder("half.png", "notes.txt", "nowhere.png");
    assertThat(rejected(manifest).values()).allMatch(reason -> reason.length() > 10);
    assertThat(OutputFiles.of(out).keySet())
        .contains(
            "a/photo.png.png",
            "a/b/grey.png.png",
            "rich.png.png",
            "photo.jpg.png",
            "one.png.png",
            "new\nline.png.png",
            "co:lon.png.png",
            "link.png.png")
        .hasSize(10);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("in", "out", "outside.png");
    Picture rich = decode(out.resolve("rich.png.png"));
    assertThat(rich.bitDepth()).isEqualTo(16);
    assertThat(rich.alpha()).isPresent();
    assertThat(rich.icc()).hasValue(profile);
    assertThat(decode(out.resolve("a/b/grey.png.png")).grey()).isTrue();
    assertThat(run.out()).containsPattern("upscaled +10 ").containsPattern("rejected +3");
  }

  @Test
  void whatIsNoFileIsRejectedAndNeverWaitedFor() throws Exception {
    png("a.png", TestPictures.rgb(20, 20, 1));
    png("folder.png/b.png", TestPictures.rgb(20, 20, 2));
    Path pipe = in.resolve("pipe.png");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.createSymbolicLink(in.resolve("zero.png"), Path.of("/dev/zero"));
    Files.createSymbolicLink(in.resolve("nowhere.png"), in.resolve("none"));
    String noFile = "it is a pipe, a socket or a device, not a file";
    Path list =
        Files.writeString(
            folder.resolve("list"),
            "%s\n%s\n%s\n%s\n"
                .formatted(
                    pipe, in.resolve("a.png"), in.resolve("zero.png"), in.resolve("folder.png")));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(in.resolve("socket.png")));

      assertThat(upscale("--images-path", in).code()).isZero();
      Map<String, String> found = rejected(OutputFiles.manifest(out));
      assertThat(upscale("--images-path", pipe, in.resolve("zero.png")).code()).isZero();
      Map<String, String> named = rejected(OutputFiles.manifest(out));
      assertThat(upscale("--images-list", list).code()).isZero();
      Map<String, String> listed = rejected(OutputFiles.manifest(out));

      assertThat(found)
          .containsOnlyKeys("pipe.png", "zero.png", "socket.png", "nowhere.png")
          .containsEntry("nowhere.png", "it cannot be read: there is no such file")
          .containsEntry("pipe.png", noFile)
          .containsEntry("zero.png", noFile)
          .containsEntry("socket.png", noFile);
      assertThat(named).containsOnlyKeys("pipe.png", "zero.png");
      assertThat(named.values()).containsOnly("it cannot be read: " + noFile);
      assertThat(listed)
          .containsOnlyKeys("pipe.png", "zero.png", "folder.png")
          .containsEntry("folder.png", "it is a folder; a list names files");
    }
    assertThat(OutputFiles.of(out)).containsOnlyKeys("a.png.png", "folder.png/b.png.png");
  }

  @Test
  void theResultIsThatOfThePictureAlone() throws IOException {
    Picture large = TestPictures.rgb(300, 170, 1);
    png("large.png", large);
    png("rich.png", TestPictures.rich(40, 30, 3));

    assertThat(upscale("--images-path", in).code()).isZero();

    try (Upscaler upscaler = TestModels.open(TestModels.small(2), 1)) {
      PictureUpscaler whole =
          new PictureUpscaler(new TiledUpscaler(upscaler, 2, Tiling.of(TestModels.small(2))), 2);
      for (String name : List.of("large.png", "rich.png")) {
        Picture expected = whole.upscale(decode(in.resolve(name)), pixels -> {});
        Picture found = decode(out.resolve(name + ".png"));
        for (int i = 0; i < expected.samples().length(); i++) {
          assertThat(Math.abs(found.samples().at(i) - expected.samples().at(i)))
              .isLessThanOrEqualTo(1);
        }
        if (expected.alpha().isPresent()) {
          assertThat(found.alpha().orElseThrow().toBytes().values())
              .isEqualTo(expected.alpha().get().toBytes().values());
        }
      }
    }
  }

  @Test
  void picturesAreTurnedAndTheirColoursConvertedOnRequest() throws IOException {
    byte[] onItsSide = {
      'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0
    };
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    Picture scene = TestPictures.rgb(48, 32, 1);
    write("turned.jpg", new Encoding.Jpeg(95).encode(scene.withExif(Optional.of(onItsSide))));
    png("linear.png", scene.withIcc(Optional.of(profile)));
    byte[] linear = Files.readAllBytes(in.resolve("linear.png"));
    Picture converted =
        PictureDecoder.decode(linear, Limits.defaults(), ColourPolicy.SRGB).picture();
    png("converted.png", converted);

    assertThat(upscale("--images-path", in, "--colours", "srgb").code()).isZero();

    Picture turned = decode(out.resolve("turned.jpg.png"));
    assertThat(turned.width()).isEqualTo(64);
    assertThat(turned.height()).isEqualTo(96);
    assertThat(turned.exif().orElseThrow()[18]).isEqualTo((byte) 1);
    assertThat(converted.samples().toBytes().values())
        .isNotEqualTo(scene.samples().toBytes().values());
    assertThat(out.resolve("linear.png.png"))
        .hasSameBinaryContentAs(out.resolve("converted.png.png"));
  }

  @Test
  void ofAnimationsTheFirstFrameIsUpscaledOrNone() throws IOException {
    BufferedImage red = new BufferedImage(20, 16, BufferedImage.TYPE_INT_RGB);
    red.setRGB(3, 3, 0xff0000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    writer.setOutput(ImageIO.createImageOutputStream(bytes));
    writer.prepareWriteSequence(null);
    writer.writeToSequence(new IIOImage(red, null, null), null);
    writer.writeToSequence(new IIOImage(red, null, null), null);
    writer.endWriteSequence();
    ((ImageOutputStream) writer.getOutput()).close();
    write("a.gif", bytes.toByteArray());

    assertThat(upscale("--images-path", in).code()).isZero();
    assertThat(OutputFiles.manifest(out))
        .singleElement()
        .extracting(one -> String.join(" ", ((Upscaled) one).notes()))
        .asString()
        .contains("2 frames");

    out = folder.resolve("still");
    assertThat(upscale("--images-path", in, "--animations", "reject").code()).isZero();
    assertThat(rejected(OutputFiles.manifest(out)).get("a.gif"))
        .startsWith("it is an animation of 2 frames");
    assertThat(OutputFiles.of(out)).isEmpty();
  }

  @Test
  void aRerunDoesOnlyWhatIsMissing() throws IOException {
    for (int i = 0; i < 4; i++) {
      png(i + ".png", TestPictures.rgb(20 + i, 20, i));
    }
    assertThat(upscale("--images-path", in).code()).isZero();
    Path untouched = out.resolve("0.png.png");
    byte[] first = Files.readAllBytes(out.resolve("1.png.png"));
    Object time = Files.getLastModifiedTime(untouched);
    Files.delete(out.resolve("1.png.png"));
    png("2.png", TestPictures.rgb(50, 20, 9));
    byte[] damaged = Files.readAllBytes(out.resolve("3.png.png"));
    byte[] right = damaged.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(out.resolve("3.png.png"), damaged);
    png("4.png", TestPictures.rgb(20, 20, 4));

    assertThat(upscale("--images-path", in).code()).isZero();

    Map<String, String> kinds = new TreeMap<>();
    OutputFiles.manifest(out).forEach(one -> kinds.put(name(one), one.getClass().getSimpleName()));
    assertThat(kinds)
        .isEqualTo(
            Map.of(
                "0.png", "Skipped",
                "1.png", "Upscaled",
                "2.png", "Upscaled",
                "3.png", "Upscaled",
                "4.png", "Upscaled"));
    assertThat(Files.getLastModifiedTime(untouched)).isEqualTo(time);
    assertThat(Files.readAllBytes(out.resolve("1.png.png"))).isEqualTo(first);
    assertThat(Files.readAllBytes(out.resolve("3.png.png"))).isEqualTo(right);
    assertThat(decode(out.resolve("2.png.png")).width()).isEqualTo(100);

    assertThat(upscale("--images-path", in).code()).isZero();
    assertThat(OutputFiles.manifest(out)).hasSize(5).allMatch(one -> one instanceof Skipped);
  }

  @Test
  void picturesOfOtherSettingsAreReplacedOnlyIfAskedFor() throws IOException {
    png("a.png", TestPictures.rgb(20, 20, 1));
    assertThat(upscale("--images-path", in).code()).isZero();
    byte[] first = Files.readAllBytes(out.resolve("a.png.png"));

    CommandRun refused =
        upscale("--images-path", in, "--checkpoint-path", otherCheckpoint.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errors()).hasSize(1);
    assertThat(refused.err()).contains("made by another model; --overwrite replaces them");
    assertThat(Files.readAllBytes(out.resolve("a.png.png"))).isEqualTo(first);

    CommandRun replaced =
        upscale("--images-path", in, "--overwrite", "--checkpoint-path", otherCheckpoint);
    assertThat(replaced.code()).as(replaced.err()).isZero();
    assertThat(OutputFiles.manifest(out)).allMatch(one -> one instanceof Upscaled);
    assertThat(Files.readAllBytes(out.resolve("a.png.png"))).isNotEqualTo(first);
  }

  @Test
  void globsListsAndShardsKeepTheFoldersBelowWhatTheyHaveInCommon() throws IOException {
    png("x/a.png", TestPictures.rgb(20, 20, 1));
    png("x/deep/b.png", TestPictures.rgb(21, 20, 2));
    png("y/c.png", TestPictures.rgb(22, 20, 3));
    png("x/co:lon\n[1].PNG", TestPictures.rgb(23, 20, 4));
    Path list =
        Files.writeString(
            folder.resolve("list.txt"),
            "%s\r\n\n# a comment\n\"%s\"\n%s\nno:ne.png\n"
                .formatted(
                    in.resolve("x/a.png"), in.resolve("x/deep/b.png"), in.resolve("x/gone.png")));

    assertThat(upscale("--images-path", in + "/{x,y}/*.[pP][nN][gG]").code()).isZero();
    assertThat(OutputFiles.of(out).keySet())
        .containsExactly("x/a.png.png", "x/co:lon\n[1].PNG.png", "y/c.png.png");
    Files.delete(in.resolve("x/co:lon\n[1].PNG"));

    out = folder.resolve("listed");
    assertThat(upscale("--images-list", list).code()).isZero();
    assertThat(OutputFiles.of(out).keySet()).containsExactly("a.png.png", "deep/b.png.png");
    assertThat(rejected(OutputFiles.manifest(out)))
        .containsOnlyKeys("gone.png", "no:ne.png")
        .containsValues("there is no such file", "there is no such file");

    out = folder.resolve("two");
    assertThat(upscale("--images-path", in.resolve("x"), in.resolve("y")).code()).isZero();
    assertThat(OutputFiles.of(out).keySet())
        .containsExactly("x/a.png.png", "x/deep/b.png.png", "y/c.png.png");

    Path shards = folder.resolve("shards");
    assertThat(
            CommandRun.of(
                    "prepare",
                    "--master=local[2]",
                    "--images-path=" + in,
                    "--output-path=" + shards)
                .code())
        .isZero();
    out = folder.resolve("sharded");
    assertThat(upscale("--images-path", shards).code()).isZero();
    OutputFiles.assertSameBytes(out, folder.resolve("two"));
    assertThat(upscale("--images-path", shards).code()).isZero();
    assertThat(OutputFiles.manifest(out)).hasSize(3).allMatch(one -> one instanceof Skipped);
  }

  @Test
  void otherFormatsAreWrittenWithinTheirLimits() throws IOException {
    png("a.png", TestPictures.rgb(40, 30, 1));
    png("rich.png", TestPictures.rich(40, 30, 1));
    png("wide.png", TestPictures.rgb(8200, 2, 1));
    png("wider.png", TestPictures.rgb(32800, 1, 1));

    out = folder.resolve("webp");
    assertThat(upscale("--images-path", in, "--format", "webp").code()).isZero();
    assertThat(OutputFiles.of(out).keySet()).containsExactly("a.png.webp", "rich.png.webp");
    assertThat(rejected(OutputFiles.manifest(out)).get("wide.png"))
        .contains("16400x4 pixels")
        .contains("16383");

    out = folder.resolve("jpeg");
    CommandRun run =
        upscale(
            "--images-path", in, "--format", "jpeg", "--quality=90", "--output-name={name}.{ext}");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(OutputFiles.of(out).keySet()).containsExactly("a.jpg", "rich.jpg", "wide.jpg");
    assertThat(rejected(OutputFiles.manifest(out)).get("wider.png")).contains("65535");
  }

  @Test
  void outputsThatWouldHaveOneNameAreNotLost() throws IOException {
    png("a.png", TestPictures.rgb(20, 20, 1));
    write("a.jpg", new Encoding.Jpeg(90).encode(TestPictures.rgb(20, 20, 1)));

    CommandRun run = upscale("--images-path", in, "--output-name", "{name}.png");

    assertThat(run.code()).isZero();
    assertThat(OutputFiles.of(out).keySet()).containsExactly("a.png");
    assertThat(rejected(OutputFiles.manifest(out)).get("a.png"))
        .contains("its output a.png is that of ")
        .contains("a.jpg");
  }

  @Test
  void aLinkInTheOutputTreeLeadsNobodyOut() throws IOException {
    png("a/x.png", TestPictures.rgb(20, 20, 1));
    png("b.png", TestPictures.rgb(20, 20, 1));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Files.createDirectories(out);
    Files.createSymbolicLink(out.resolve("a"), elsewhere);
    Files.createSymbolicLink(out.resolve("b.png.png"), victim);

    assertThat(upscale("--images-path", in).code()).isZero();

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(rejected(OutputFiles.manifest(out)).get("x.png"))
        .contains("leads out of the output path");
    assertThat(rejected(OutputFiles.manifest(out)).get("b.png"))
        .contains("lies a file that no job of Fovea wrote");
    assertThat(Files.readString(victim)).isEqualTo("untouched");

    assertThat(upscale("--images-path", in, "--overwrite").code()).isZero();

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(Files.readString(victim)).isEqualTo("untouched");
    assertThat(decode(out.resolve("b.png.png")).width()).isEqualTo(40);
  }

  @Test
  void theAuditFindsWhatWasChangedAfterwards() throws IOException {
    for (int i = 0; i < 3; i++) {
      png(i + ".png", TestPictures.rgb(48, 48, i));
    }
    assertThat(upscale("--images-path", in).code()).isZero();
    assertThat(upscale("--images-path", in, "--audit-only", "--fail-on-rejected").out())
        .doesNotContain(AuditTask.CHANGED);
    Files.copy(
        out.resolve("0.png.png"),
        out.resolve("1.png.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.delete(out.resolve("2.png.png"));

    CommandRun audit = upscale("--images-path", in, "--audit-only", "--fail-on-rejected");

    assertThat(audit.code()).isEqualTo(3);
    assertThat(audit.out()).containsPattern("outlier: 1.png.png: .*" + AuditTask.CHANGED);
    assertThat(rejected(OutputFiles.manifest(out)).get("2.png")).contains("is missing");
    // The audit's own manifest does not make the wrong file right.
    assertThat(upscale("--images-path", in).code()).isZero();
    assertThat(OutputFiles.manifest(out).stream().map(one -> one.getClass().getSimpleName()))
        .containsExactly("Skipped", "Upscaled", "Upscaled");
  }

  @Test
  void wrongUsageEndsWithTwoAndOneLine() throws IOException {
    png("a.png", TestPictures.rgb(20, 20, 1));
    Path file = Files.writeString(folder.resolve("file"), "");

    refused("--format 'tiff': png, jpeg or webp is allowed", "--format", "tiff");
    refused("--quality '101': 1 to 100 is allowed", "--quality=101");
    refused("--output-name 'x.png': {name} is needed", "--output-name", "x.png");
    refused("--colours 'cmyk': keep or srgb is allowed", "--colours", "cmyk");
    refused("--output-path '%s': it is a file".formatted(file), "--output-path", file);
    refused("--images-path and --images-list upscale many", "--image-path", file);
    assertThat(out).doesNotExist();
  }

  private void refused(String message, Object... options) {
    List<Object> all = new ArrayList<>(List.of("--images-path", in));
    all.addAll(List.of(options));
    CommandRun run = upscale(all.toArray());
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).startsWith("fovea upscale: " + message);
    assertThat(run.code()).isEqualTo(2);
  }

  private CommandRun upscale(Object... options) {
    List<String> given = Arrays.stream(options).map(Object::toString).toList();
    List<String> arguments = new ArrayList<>(List.of("upscale", "--master=local[2]"));
    arguments.addAll(List.of("--engine=nd4j", "--device=cpu"));
    if (!given.contains("--checkpoint-path")) {
      arguments.add("--checkpoint-path=" + checkpoint);
    }
    if (!given.contains("--output-path")) {
      arguments.add("--output-path=" + out);
    }
    arguments.addAll(given);
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private void png(String name, Picture picture) throws IOException {
    write(name, PngEncoder.encode(picture));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = in.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static Map<String, String> rejected(List<Outcome> manifest) {
    Map<String, String> reasons = new TreeMap<>();
    for (Outcome outcome : manifest) {
      if (outcome instanceof Rejected rejected) {
        reasons.put(name(outcome), rejected.reason());
      }
    }
    return reasons;
  }

  private static String name(Outcome outcome) {
    return outcome.path().substring(outcome.path().lastIndexOf('/') + 1);
  }

  private static Picture decode(Path file) throws IOException {
    return PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.KEEP)
        .picture();
  }
}
