/**
 * From untrusted bytes to upright, colour-managed pictures or a refusal with a reason; knows only
 * pictures.
 */
package dev.fovea.pictures.decode;
