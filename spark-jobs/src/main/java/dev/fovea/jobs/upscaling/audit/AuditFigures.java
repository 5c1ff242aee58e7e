package dev.fovea.jobs.upscaling.audit;

/**
 * How far an output, made smaller again, is from its input.
 *
 * @param psnr of the back-projection over the whole picture in dB, 99 where they are equal
 * @param bicubicPsnr the same for the input enlarged by bicubic
 * @param worst by how many dB the squared error of the worst window exceeds a quarter of what
 *     bicubic leaves there, which is about what a trained network leaves
 * @param window that one: column, row, width and height in pixels of the input
 * @param channels which channels of the input the output's resemble most: {@code rgb} if all is
 *     well, {@code grey} where there is one
 * @param basis what was compared: the {@code file} as it was read back, or, where that would take
 *     too much memory, the {@code rows} that the encoder was given
 */
public record AuditFigures(
    double psnr, double bicubicPsnr, double worst, String window, String channels, String basis) {
  public AuditFigures withBasis(String what) {
    return new AuditFigures(psnr, bicubicPsnr, worst, window, channels, what);
  }
}
