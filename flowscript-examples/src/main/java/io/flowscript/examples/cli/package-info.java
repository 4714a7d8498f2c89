/**
 * A terminal client: prints an execution's events as they happen, and answers its interactions.
 *
 * <p>Uses the client of {@code flowscript-client}, and REST for lists. Receives commands and answers from the person at the
 * terminal; sends requests to the server.
 */
@NullMarked
package io.flowscript.examples.cli;

import org.jspecify.annotations.NullMarked;
