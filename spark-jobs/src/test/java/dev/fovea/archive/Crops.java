package dev.fovea.archive;

import dev.fovea.decode.PictureDecoder;
import dev.fovea.encode.PngEncoder;
import dev.fovea.evaluation.SharedData;
import dev.fovea.picture.ColourPolicy;
import dev.fovea.picture.Limits;
import dev.fovea.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small pictures cut from the photographs that lie beside the checkout. */
final class Crops {
  private Crops() {}

  /** Writes pictures of 40 to 72 pixels a side, in folders by their sources. */
  static void write(Path folder, int count, long seed) throws IOException {
    List<Path> photographs;
    Path data = SharedData.require("train").getParent();
    try (Stream<Path> files =
        Stream.concat(
            Files.walk(data.resolve("train")), Files.walk(data.resolve("benchmarks/B100")))) {
      photographs =
          files.filter(file -> file.toString().matches(".*\\.(jpg|png)")).sorted().toList();
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
