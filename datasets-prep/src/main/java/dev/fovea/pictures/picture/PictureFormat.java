package dev.fovea.pictures.picture;

/** The file formats that are read. */
public enum PictureFormat {
  JPEG,
  PNG,
  GIF,
  WEBP
}
