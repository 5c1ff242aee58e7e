package dev.fovea.jobs.upscaling.archive;

import dev.fovea.jobs.upscaling.single.Bicubic;
import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Damage to outputs that leaves them whole pictures of the right size. */
enum Planted {
  SWAPPED_TILE {
    @Override
    Picture damaged(Picture picture, Picture other, int tile, Random random) {
      int[] a = place(picture, tile, random);
      int[] b = place(picture, tile, random);
      Picture first = picture.crop(a[0], a[1], tile, tile);
      Picture second = picture.crop(b[0], b[1], tile, tile);
      return with(with(picture, a, second), b, first);
    }
  },
  SHIFTED_TILE {
    @Override
    Picture damaged(Picture picture, Picture other, int tile, Random random) {
      int[] at = place(picture, tile, random);
      int shift = tile / 16; // One pixel of the input.
      int[] from = {
        Math.min(picture.width() - tile, at[0] + shift),
        Math.min(picture.height() - tile, at[1] + shift)
      };
      return with(picture, at, picture.crop(from[0], from[1], tile, tile));
    }
  },
  CHANNEL_ORDER {
    @Override
    Picture damaged(Picture picture, Picture other, int tile, Random random) {
      byte[] samples = picture.samples().toBytes().values().clone();
      for (int i = 0; i < samples.length; i += 3) {
        byte red = samples[i];
        samples[i] = samples[i + 2];
        samples[i + 2] = red;
      }
      return Picture.rgb(picture.width(), picture.height(), samples);
    }
  },
  OTHER_PICTURE {
    @Override
    Picture damaged(Picture picture, Picture other, int tile, Random random) {
      return Bicubic.resized(other, picture.height(), picture.width());
    }
  };

  /** Root mean square, in levels, over the smallest tile: less could not be seen by anybody. */
  private static final double VISIBLE = 3;

  abstract Picture damaged(Picture picture, Picture other, int tile, Random random);

  /** Damages a file visibly; false if that is not possible. */
  boolean plant(Path file, Path otherFile, int tile, Random random) throws IOException {
    Picture picture = decode(file);
    Picture other = decode(otherFile);
    for (int attempt = 0; attempt < 20; attempt++) {
      Picture damaged = damaged(picture, other, tile, random);
      if (difference(picture, damaged) >= VISIBLE * VISIBLE * 3 * tile * tile) {
        Files.write(file, PngEncoder.encode(damaged));
        return true;
      }
    }
    return false;
  }

  private static double difference(Picture a, Picture b) {
    double sum = 0;
    for (int i = 0; i < a.samples().length(); i++) {
      double difference = a.samples().at(i) - b.samples().at(i);
      sum += difference * difference;
    }
    return sum;
  }

  private static int[] place(Picture picture, int tile, Random random) {
    return new int[] {
      random.nextInt(picture.width() - tile + 1), random.nextInt(picture.height() - tile + 1)
    };
  }

  private static Picture with(Picture picture, int[] at, Picture tile) {
    byte[] samples = picture.samples().toBytes().values().clone();
    byte[] from = tile.samples().toBytes().values();
    for (int y = 0; y < tile.height(); y++) {
      System.arraycopy(
          from,
          3 * y * tile.width(),
          samples,
          3 * ((at[1] + y) * picture.width() + at[0]),
          3 * tile.width());
    }
    return Picture.rgb(picture.width(), picture.height(), samples);
  }

  private static Picture decode(Path file) throws IOException {
    return PictureDecoder.decode(Files.readAllBytes(file), Limits.defaults(), ColourPolicy.SRGB)
        .picture();
  }
}
