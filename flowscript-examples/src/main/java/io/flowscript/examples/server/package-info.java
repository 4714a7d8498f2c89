/**
 * The demo application: an engine with real workflows, reached over WebSocket and REST.
 *
 * <p>Receives options from the command line; hands everything else to FlowScript.
 */
@NullMarked
package io.flowscript.examples.server;

import org.jspecify.annotations.NullMarked;
