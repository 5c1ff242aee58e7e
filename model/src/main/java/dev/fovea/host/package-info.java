/** Numbers of ND4J arrays in Java arrays, for what is faster or more exact in plain Java. */
package dev.fovea.host;
