/** What a file says about its picture beside the samples; knows only bytes. */
package dev.fovea.pictures.metadata;
