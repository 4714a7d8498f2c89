/**
 * A terminal client: prints an execution's events as they happen, and answers its interactions.
 *
 * <p>Uses only the server's protocol, WebSocket and REST. Receives commands and answers from the person at the
 * terminal; sends requests to the server.
 */
@NullMarked
package io.flowscript.examples.cli;

import org.jspecify.annotations.NullMarked;
