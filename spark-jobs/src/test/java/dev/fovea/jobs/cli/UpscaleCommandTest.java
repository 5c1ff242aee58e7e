package dev.fovea.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.decode.PictureHeader;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.PictureFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpscaleCommandTest {
  @TempDir static Path shared;

  private static Path checkpoint;
  private static Path picture;

  @TempDir Path folder;

  @BeforeAll
  static void train() throws IOException {
    checkpoint = shared.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(4), 1);
    picture =
        Files.write(shared.resolve("photo.png"), PngEncoder.encode(TestPictures.rgb(56, 52, 1)));
  }

  @Test
  void aPictureIsUpscaledIntoTheNamedFile() throws IOException {
    Path output = folder.resolve("new/large.png");

    CommandRun run = upscale("--image-path", picture, "--output-path", output);

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo(output + ": 224x208 pixels\n");
    Picture large = decode(output);
    assertThat(large.width()).isEqualTo(4 * 56);
    assertThat(large.height()).isEqualTo(4 * 52);
    assertThat(output.getParent().toFile().list()).containsExactly("large.png");
  }

  @Test
  void aShippedModelNeedsNoCheckpoint() throws IOException {
    Path output = folder.resolve("sharp.png");

    CommandRun run =
        CommandRun.of(
            "upscale", "--image-path", picture.toString(), "--output-path", output.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("the model is x4-quality");
    assertThat(decode(output).width()).isEqualTo(4 * 56);
    Path named = folder.resolve("named.png");
    CommandRun.of(
        "upscale",
        "--image-path=" + picture,
        "--output-path=" + named,
        "--model=quality",
        "--upscale-ratio=4");
    assertThat(named).hasSameBinaryContentAs(output);
  }

  @Test
  void aModelThatIsNotThereIsRefusedByItsOption() {
    CommandRun unknown =
        CommandRun.of("upscale", "--image-path", picture.toString(), "--model", "best");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .startsWith("fovea upscale: --model 'best': no such model for 4x is shipped; there are: ")
        .contains("x4-quality");
    refused("--model 'quality': --checkpoint-path names a model, too")
        .by("--image-path", picture, "--model", "quality");
    refused("--upscale-ratio '3': one of 2, 4 and 8 is needed")
        .by("--image-path", picture, "--upscale-ratio", 3);
    refused("--upscale-ratio '8': the model in %s upscales 4 times".formatted(checkpoint))
        .by("--image-path", picture, "--upscale-ratio", 8);
  }

  @Test
  void inAFolderTheResultIsNamedAfterThePicture() {
    CommandRun run = upscale("--image_path", picture, "--output_path", folder);

    assertThat(run.code()).isZero();
    assertThat(folder.toFile().list()).containsExactly("photo_4x.png");
  }

  @Test
  void theNameOfTheResultSaysItsFormat() throws IOException {
    Path jpeg = folder.resolve("large.JPG");
    Path webp = folder.resolve("large.webp");
    Path small = folder.resolve("small.jpg");

    assertThat(upscale("--image-path", picture, "--output-path", jpeg).code()).isZero();
    assertThat(upscale("--image-path", picture, "--output-path", webp).code()).isZero();
    assertThat(upscale("--image-path", picture, "--output-path", small, "--quality", 20).code())
        .isZero();
    assertThat(upscale("--image-path", picture, "--output-path", folder, "--format", "webp").code())
        .isZero();

    assertThat(PictureHeader.read(Files.readAllBytes(jpeg)).format()).isEqualTo(PictureFormat.JPEG);
    assertThat(PictureHeader.read(Files.readAllBytes(webp)).format()).isEqualTo(PictureFormat.WEBP);
    assertThat(Files.size(small)).isLessThan(Files.size(jpeg) / 2);
    assertThat(folder.resolve("photo_4x.webp")).hasSameBinaryContentAs(webp);
    refused("--format 'jpeg': %s/a.png ends in .png".formatted(folder))
        .by("--image-path", picture, "--output-path", folder + "/a.png", "--format", "jpeg");
    refused("--output-path '%s/a.tif': a name that ends in .png, ".formatted(folder))
        .by("--image-path", picture, "--output-path", folder + "/a.tif");
    refused("--quality '20': PNG has none")
        .by("--image-path", picture, "--output-path", folder + "/a.png", "--quality", 20);
  }

  @Test
  void whatTheArchiveHeedsOnePictureHeeds() throws IOException {
    Path plain = folder.resolve("plain.png");
    Path flipped = folder.resolve("flipped.png");
    Path packed = folder.resolve("packed.png");

    assertThat(upscale("--image-path", picture, "--output-path", plain).code()).isZero();
    assertThat(upscale("--image-path", picture, "--output-path", flipped, "--self-ensemble").code())
        .isZero();
    assertThat(upscale("--image-path", picture, "--output-path", packed, "--png-level", 9).code())
        .isZero();

    assertThat(decode(flipped).samples().toBytes().values())
        .isNotEqualTo(decode(plain).samples().toBytes().values());
    assertThat(Files.size(packed)).isLessThan(Files.size(plain));
    assertThat(decode(packed).samples().toBytes().values())
        .isEqualTo(decode(plain).samples().toBytes().values());
    Path large =
        Files.write(
            shared.resolve("large.png"),
            PngEncoder.encode(Picture.grey(1200, 1000, new byte[1_200_000])));
    refused(
            "--image-path '%s': it cannot be upscaled: PNG declares 1200x1000 pixels, more than the"
                    .formatted(large)
                + " limit of 1000000; --max-megapixels allows more")
        .by("--image-path", large, "--output-path", folder + "/b.png", "--max-megapixels", 1);
  }

  @Test
  void ofADamagedPictureIsTakenWhatViewersShow() throws IOException {
    byte[] whole = Files.readAllBytes(picture);
    Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    Path output = folder.resolve("large.png");

    refused("--image-path '%s': it cannot be upscaled: PNG chunk at byte".formatted(half))
        .by("--image-path", half, "--output-path", output);
    CommandRun run = upscale("--image-path", half, "--output-path", output, "--damaged", "repair");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).startsWith("%s: PNG ends at byte".formatted(half));
    assertThat(decode(output).width()).isEqualTo(224);
    refused("--damaged 'ignore': reject or repair is allowed")
        .by("--image-path", half, "--output-path", folder, "--damaged", "ignore");
  }

  @Test
  void optionsOfArchivesAreRefusedForOnePicture() {
    refused("--audit-only belongs to --images-path and --images-list")
        .by("--image-path", picture, "--output-path", folder, "--audit-only");
    refused("--fail-on-rejected belongs to ")
        .by("--image-path", picture, "--output-path", folder, "--fail-on-rejected");
    refused("--output-name belongs to ")
        .by("--image-path", picture, "--output-path", folder, "--output-name", "{name}.{ext}");
    refused("--spark-conf belongs to ")
        .by("--image-path", picture, "--output-path", folder, "--spark-conf", "spark.a=b");
    refused("--master belongs to ")
        .by("--image-path", picture, "--output-path", folder, "--master", "local[2]");
  }

  @Test
  void theOriginalIsShownBesideBicubicAndTheResult() throws IOException {
    Path output = folder.resolve("beside.png");

    CommandRun run = upscale("--original", picture, "--side-by-side-path", output);

    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("(?s).*: bicubic [0-9.]+ dB \\| ours [0-9.]+ dB \\| original\n");
    Picture shown = decode(output);
    assertThat(shown.width()).isBetween(3 * 56, 3 * 56 + 20);
    assertThat(shown.height()).isGreaterThan(52);
  }

  @Test
  void wrongInputEndsWithTwoAndOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "no picture at all");
    byte[] whole = Files.readAllBytes(picture);
    Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    Path output = folder.resolve("out.png");

    refused("--image-path '%s': there is no such file".formatted(folder.resolve("none.png")))
        .by("--image-path", folder.resolve("none.png"), "--output-path", output);
    refused("--image-path '%s': it is a folder; name a picture".formatted(folder))
        .by("--image-path", folder, "--output-path", output);
    refused("--image-path '%s': it cannot be upscaled: ".formatted(text))
        .by("--image-path", text, "--output-path", output);
    refused("--image-path '%s': it cannot be upscaled: ".formatted(half))
        .by("--image-path", half, "--output-path", output);
    refused("--output-path '%s': it is an input of this command".formatted(picture))
        .by("--image-path", picture, "--output-path", picture);
    refused("--output-path '%s/out.png': %s is no folder".formatted(text, text))
        .by("--image-path", picture, "--output-path", text + "/out.png");
    refused("--image-path is missing; --help tells more").by();
    refused("--original and --side-by-side-path are given together or not")
        .by("--original", picture);
    refused("--device 'gpu': device 'gpu' is not auto, cpu, cuda or cuda:N")
        .by("--image-path", picture, "--device", "gpu");
    refused("--engine 'fast': engine 'fast' is not on the class path, which has: ")
        .by("--image-path", picture, "--engine", "fast");
    assertThat(output).doesNotExist();
  }

  @Test
  void aCheckpointThatIsMissingOrDamagedEndsWithTwoAndOneLine() throws IOException {
    Path none = folder.resolve("none");
    CommandRun missing =
        CommandRun.of("upscale", "--image-path", picture.toString(), "--checkpoint-path=" + none);
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.errors()).hasSize(1);
    assertThat(missing.err()).contains("--checkpoint-path '%s': no checkpoint at".formatted(none));

    Path damaged = folder.resolve("damaged");
    TestCheckpoints.save(damaged, TestModels.small(4), 1);
    Path weights = damaged.resolve("step-00000007/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 5] ^= 1;
    Files.write(weights, bytes);
    CommandRun corrupt =
        CommandRun.of(
            "upscale", "--image-path", picture.toString(), "--checkpoint-path=" + damaged);
    assertThat(corrupt.code()).isEqualTo(2);
    assertThat(corrupt.errors()).hasSize(1);
    assertThat(corrupt.err()).contains("model.safetensors");
  }

  private static Refusal refused(String message) {
    return new Refusal(message);
  }

  /** An expected message. */
  private record Refusal(String message) {
    void by(Object... options) {
      CommandRun run = upscale(options);
      assertThat(run.errors()).hasSize(1);
      assertThat(run.err()).startsWith("fovea upscale: " + message);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
    }
  }

  /** With the checkpoint, on the engine and the device that are always there. */
  private static CommandRun upscale(Object... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("upscale", "--checkpoint-path", checkpoint.toString(), "--engine", "nd4j"));
    arguments.addAll(List.of("--device", "cpu"));
    Arrays.stream(options).map(Object::toString).forEach(arguments::add);
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private static Picture decode(Path file) throws IOException {
    return PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.KEEP)
        .picture();
  }
}
