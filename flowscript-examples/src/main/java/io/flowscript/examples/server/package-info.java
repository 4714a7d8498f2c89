/**
 * The demo application: an engine with example workflows, served over WebSocket and REST.
 *
 * <p>Receives options from the command line; passes workflows and nodes to the engine.
 */
@NullMarked
package io.flowscript.examples.server;

import org.jspecify.annotations.NullMarked;
