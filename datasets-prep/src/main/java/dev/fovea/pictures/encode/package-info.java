/** From pictures to the bytes of a file format; knows only pictures. */
package dev.fovea.pictures.encode;
