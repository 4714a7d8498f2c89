/**
 * The entry point of the demo application and its command-line client. Receives the command line; runs the server or
 * a client command.
 */
@NullMarked
package io.flowscript.examples;

import org.jspecify.annotations.NullMarked;
