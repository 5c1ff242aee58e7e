package dev.fovea.prepare;

/**
 * A file that may be a picture.
 *
 * @param path fully qualified Hadoop path, unescaped
 * @param length bytes when it was listed
 * @param modified when it was changed last, milliseconds since 1970
 */
record InputFile(String path, long length, long modified) {}
