/**
 * A client for the terminal: shows an execution's events as they happen and answers its questions.
 *
 * <p>Knows the server by its protocol alone, WebSocket and REST; nothing of the engine.
 */
@NullMarked
package io.flowscript.examples.cli;

import org.jspecify.annotations.NullMarked;
