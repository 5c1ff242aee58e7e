package dev.fovea.pictures.metadata;

import java.util.List;
import java.util.Optional;

/**
 * What a file says about its picture beside the samples, on its way from a decoder to an encoder.
 * Arrays are held without copying and must not be changed.
 *
 * @param icc the colour profile of the samples
 * @param colours what PNG's own chunks say of their colours; sRGB where that is nothing and there
 *     is no profile
 * @param exif the EXIF block from its TIFF header on, its orientation no longer to be applied
 * @param xmp the XMP packet
 * @param iptc the caption, keywords and so on of IPTC IIM, as they stand in Photoshop's resource
 * @param density pixels by length
 * @param texts PNG's text chunks, and the comments of JPEG as such
 * @param lost what else was there and is not carried, in a line each
 */
public record Metadata(
    Optional<byte[]> icc,
    PngColours colours,
    Optional<byte[]> exif,
    Optional<byte[]> xmp,
    Optional<byte[]> iptc,
    Optional<Density> density,
    List<PngText> texts,
    List<String> lost) {
  /** A file that says nothing. */
  public static final Metadata NONE =
      new Metadata(
          Optional.empty(),
          PngColours.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  public Metadata {
    texts = List.copyOf(texts);
    lost = List.copyOf(lost);
  }

  /** The same with another colour profile or none. */
  public Metadata withIcc(Optional<byte[]> profile) {
    return new Metadata(profile, colours, exif, xmp, iptc, density, texts, lost);
  }

  /** The same with other colour chunks. */
  public Metadata withColours(PngColours chunks) {
    return new Metadata(icc, chunks, exif, xmp, iptc, density, texts, lost);
  }

  /** The same with another EXIF block or none. */
  public Metadata withExif(Optional<byte[]> block) {
    return new Metadata(icc, colours, block, xmp, iptc, density, texts, lost);
  }

  /** The same with the density that EXIF states where there is no other. */
  public Metadata withDensityOfExif() {
    return density.isPresent()
        ? this
        : new Metadata(icc, colours, exif, xmp, iptc, exif.flatMap(Exif::density), texts, lost);
  }

  /** The same for samples that are sRGB, without a text either that some take for their profile. */
  public Metadata inSrgb() {
    List<PngText> others =
        texts.stream().filter(text -> !text.keyword().startsWith(RawProfile.ICC)).toList();
    return new Metadata(Optional.empty(), PngColours.NONE, exif, xmp, iptc, density, others, lost);
  }

  /**
   * The profile of the samples for a format that has none of PNG's chunks, in the order of the PNG
   * specification: cICP, the profile, sRGB, gAMA and cHRM. Empty for sRGB.
   *
   * @param grey whether the samples are grey
   */
  public Optional<byte[]> profile(boolean grey) {
    return icc.isPresent() && !colours.overrideProfile() ? icc : colours.profile(grey);
  }

  /**
   * What becomes of it when the picture is turned upright.
   *
   * @param transposed whether rows became columns
   */
  public Metadata upright(boolean transposed) {
    return new Metadata(
        icc,
        colours,
        exif.map(block -> Exif.upright(block, transposed)),
        xmp.map(packet -> Xmp.upright(packet, transposed)),
        iptc,
        transposed ? density.map(Density::transposed) : density,
        texts,
        lost);
  }

  /**
   * What becomes of it when the picture is enlarged: it keeps its size on paper, and its density
   * grows.
   *
   * @param width of the enlarged picture
   * @param height of the enlarged picture
   */
  public Metadata enlarged(int width, int height, int ratio) {
    return new Metadata(
        icc,
        colours,
        exif.map(block -> Exif.enlarged(block, width, height, ratio)),
        xmp.map(packet -> Xmp.enlarged(packet, width, height, ratio)),
        iptc,
        density.map(found -> found.times(ratio)),
        texts,
        lost);
  }
}
