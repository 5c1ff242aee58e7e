package dev.fovea.jobs.data.listing;

import java.io.Serializable;

/**
 * A file that may be a picture.
 *
 * @param path fully qualified Hadoop path, unescaped
 * @param length bytes when it was listed
 * @param modified when it was changed last, milliseconds since 1970
 * @param root the folder that was asked for and in or below which it was found; for a file that was
 *     asked for by its name the folder it lies in
 */
public record InputFile(String path, long length, long modified, String root)
    implements Serializable {}
