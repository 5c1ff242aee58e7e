/** What a picture is, in memory and by its limits; knows no file format's bytes. */
package dev.fovea.pictures.picture;
