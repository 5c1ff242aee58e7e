package dev.fovea.pictures.benchmark;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.JpegEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import dev.fovea.pictures.picture.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files to measure with. */
final class BenchmarkPictures {
  private BenchmarkPictures() {}

  /** BSDS500's JPEG files of 481x321 where they lie beside the checkout, else a made one. */
  static List<byte[]> small() throws IOException {
    return SharedData.find("train/bsds500").isPresent()
        ? read(SharedData.require("train/bsds500"), 100)
        : List.of(JpegEncoder.encode(clouds(481, 321), 90));
  }

  /** Photographs of about 2048 pixels as JPEG of quality 90, else a made one. */
  static List<byte[]> large() throws IOException {
    if (SharedData.find("train/clic2025").isEmpty()) {
      return List.of(JpegEncoder.encode(clouds(2048, 1365), 90));
    }
    List<byte[]> files = new ArrayList<>();
    for (byte[] file : read(SharedData.require("train/clic2025"), 9)) {
      Picture picture = PictureDecoder.decode(file, Limits.defaults(), ColourPolicy.SRGB).picture();
      files.add(JpegEncoder.encode(picture, 89));
    }
    return files;
  }

  private static List<byte[]> read(Path folder, int most) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.sorted().limit(most).toList()) {
        files.add(Files.readAllBytes(path));
      }
    }
    return files;
  }

  private static Picture clouds(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      double wave = Math.sin(x / 17.0 + i % 3) + Math.sin(y / 5.0) + Math.sin((x * y) / 900.0);
      rgb[i] = (byte) (128 + 40 * wave);
    }
    return Picture.rgb(width, height, rgb);
  }
}
