package dev.fovea.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.upscaling.single.TestCheckpoints;
import dev.fovea.jobs.upscaling.single.TestModels;
import dev.fovea.jobs.upscaling.single.TestPictures;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in docs/library.md, compiled and run as a stranger would, without Spark. */
class DocumentedLibraryTest {
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final List<String> NOT_OURS =
      List.of("/org/apache/spark/", "/org/apache/hadoop/", "/org/scala-lang/", "/spark-jobs/");

  @TempDir private Path folder;

  @Test
  void tenLinesUpscaleAPicture() throws Exception {
    Path checkpoint = folder.resolve("checkpoint");
    TestCheckpoints.save(checkpoint, TestModels.small(4), 1);
    Picture low = TestPictures.rgb(33, 21, 1);
    Files.write(folder.resolve("low.png"), PngEncoder.encode(low));
    String classPath = classPathWithoutSpark();
    compile(program(), classPath);

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-cp",
                folder + File.pathSeparator + classPath,
                "Upscale",
                checkpoint.toString(),
                folder.resolve("low.png").toString(),
                folder.resolve("high.png").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();

    byte[] file = Files.readAllBytes(folder.resolve("high.png"));
    Picture high = PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB).picture();
    assertThat(high.width()).isEqualTo(4 * 33);
    assertThat(high.height()).isEqualTo(4 * 21);
  }

  private static String program() throws IOException {
    Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
    Matcher program = PROGRAM.matcher(Files.readString(root.resolve("docs/library.md")));
    assertThat(program.find()).isTrue();
    return program.group(1);
  }

  private void compile(String program, String classPath) throws IOException {
    Path source = Files.writeString(folder.resolve("Upscale.java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    var files = compiler.getStandardFileManager(null, null, null);
    boolean compiled =
        compiler
            .getTask(
                messages,
                files,
                null,
                List.of("-d", folder.toString(), "-cp", classPath, "-proc:none"),
                null,
                files.getJavaFileObjects(source))
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
  }

  private static String classPathWithoutSpark() {
    String all = System.getProperty("java.class.path");
    return Arrays.stream(all.split(File.pathSeparator, -1))
        .filter(entry -> NOT_OURS.stream().noneMatch(entry.replace('\\', '/')::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
