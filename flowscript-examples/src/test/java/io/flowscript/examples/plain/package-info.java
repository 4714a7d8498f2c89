/** The programs of the guides to plain Java and to an own Jetty server, compiled and run. */
package io.flowscript.examples.plain;
