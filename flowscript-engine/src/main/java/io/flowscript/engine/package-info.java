/**
 * The engine: {@link io.flowscript.engine.FlowScript}, the entry point, and its executions. Internally, the
 * interpreter is a pure function. It takes a snapshot of an execution and an input, and returns the next snapshot,
 * the new events and the next action.
 *
 * <p>Applications pass in workflow definitions, nodes and answers, and the clock triggers timers. The engine appends
 * events to logs and calls nodes.
 */
@NullMarked
package io.flowscript.engine;

import org.jspecify.annotations.NullMarked;
