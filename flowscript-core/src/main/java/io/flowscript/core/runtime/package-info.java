/**
 * What a node sees: its context, the state, the edges and questions it answers with, and the small ports that the
 * engine is given (clock, expressions, form validation).
 *
 * <p>Receives calls from the engine; hands {@link io.flowscript.core.runtime.Outcome outcomes} and events back to it. Knows values, events and
 * positions, never the engine.
 */
@NullMarked
package io.flowscript.core.runtime;

import org.jspecify.annotations.NullMarked;
