package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.evaluation.measure.SharedData;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small pictures cut from the photographs that lie beside the checkout. */
final class Crops {
  private Crops() {}

  /** Writes pictures of 40 to 72 pixels a side, in folders by their sources. */
  static void write(Path folder, int count, long seed) throws IOException {
    Path data = SharedData.require("train").getParent();
    List<Path> photographs = new ArrayList<>();
    for (String below : List.of("train", "benchmarks/B100")) {
      try (Stream<Path> files = Files.walk(data.resolve(below))) {
        files
            .filter(file -> file.toString().matches(".*\\.(jpg|png)"))
            .sorted()
            .forEach(photographs::add);
      }
    }
    Random random = new Random(seed);
    int each = (count + photographs.size() - 1) / photographs.size();
    int written = 0;
    for (Path photograph : photographs) {
      Picture whole =
          PictureDecoder.decode(
                  Files.readAllBytes(photograph), Limits.defaults(), ColourPolicy.SRGB)
              .picture();
      Path into = folder.resolve(photograph.getParent().getFileName().toString());
      Files.createDirectories(into);
      for (int i = 0; i < each && written < count; i++, written++) {
        int width = 40 + random.nextInt(33);
        int height = 40 + random.nextInt(33);
        int x = random.nextInt(whole.width() - width + 1);
        int y = random.nextInt(whole.height() - height + 1);
        String name = photograph.getFileName().toString().replaceAll("\\.\\w+$", "");
        Files.write(
            into.resolve("%s-%d.png".formatted(name, i)),
            PngEncoder.encode(whole.crop(x, y, width, height)));
      }
    }
  }
}
