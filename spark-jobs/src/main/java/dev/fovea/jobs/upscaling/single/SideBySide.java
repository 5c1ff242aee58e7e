package dev.fovea.jobs.upscaling.single;

import dev.fovea.pictures.picture.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws pictures of one height beside each other, each under a label of its own. */
public final class SideBySide {
  private static final int GAP = 4;
  private static final int SMALLEST_STRIP = 16;
  private static final Color GROUND = new Color(0x20, 0x20, 0x20);
  private static final Color INK = new Color(0xF0, 0xF0, 0xF0);

  private SideBySide() {}

  /** A picture and what stands above it. */
  public record Panel(String label, Picture picture) {}

  /**
   * The panels from left to right as one RGB picture of 8 bits; alpha is left out. Where the
   * machine has no fonts the labels are left out, too.
   *
   * @throws IllegalArgumentException if there are no panels or their heights differ
   */
  public static Picture of(List<Panel> panels) {
    if (panels.stream().mapToInt(panel -> panel.picture().height()).distinct().count() != 1) {
      throw new IllegalArgumentException("panels must be one or more and of one height");
    }
    int height = panels.get(0).picture().height();
    int narrowest = panels.stream().mapToInt(panel -> panel.picture().width()).min().orElseThrow();
    int strip = Math.max(SMALLEST_STRIP, Math.min(height, narrowest) / 16);
    int width =
        panels.stream().mapToInt(panel -> panel.picture().width()).sum()
            + GAP * (panels.size() - 1);
    BufferedImage canvas = new BufferedImage(width, strip + height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    try {
      graphics.setColor(GROUND);
      graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
      int x = 0;
      for (Panel panel : panels) {
        paint(panel.picture().toEightBit(), canvas, x, strip);
        x += panel.picture().width() + GAP;
      }
      label(graphics, panels, strip);
    } finally {
      graphics.dispose();
    }
    return picture(canvas);
  }

  private static void label(Graphics2D graphics, List<Panel> panels, int strip) {
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setColor(INK);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, strip * 3 / 5));
      int x = 0;
      for (Panel panel : panels) {
        graphics.clipRect(x, 0, panel.picture().width(), strip);
        graphics.drawString(panel.label(), x + strip / 4, strip * 3 / 4);
        graphics.setClip(null);
        x += panel.picture().width() + GAP;
      }
    } catch (RuntimeException | InternalError | LinkageError e) {
      // A JDK on a machine without fontconfig or fonts fails in one of these ways.
      graphics.setClip(null);
    }
  }

  private static void paint(Picture picture, BufferedImage canvas, int left, int top) {
    int channels = picture.channels();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int index = (y * picture.width() + x) * channels;
        int red = picture.samples().at(index);
        int green = picture.grey() ? red : picture.samples().at(index + 1);
        int blue = picture.grey() ? red : picture.samples().at(index + 2);
        canvas.setRGB(left + x, top + y, red << 16 | green << 8 | blue);
      }
    }
  }

  private static Picture picture(BufferedImage canvas) {
    int width = canvas.getWidth();
    int height = canvas.getHeight();
    byte[] samples = new byte[Math.multiplyExact(3 * width, height)];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      canvas.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        samples[to++] = (byte) (argb >> 16);
        samples[to++] = (byte) (argb >> 8);
        samples[to++] = (byte) argb;
      }
    }
    return Picture.rgb(width, height, samples);
  }
}
