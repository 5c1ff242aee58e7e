/**
 * What self-contained HTML pages are made of: escaping, the document around the content, style, and
 * plots as inline SVG. Knows nothing of Spark, networks or pictures.
 */
package dev.fovea.jobs.support.page;
