/**
 * Who runs it: {@link io.flowscript.core.engine.FlowScript}, the entry point, with its executions. Inside: an interpreter that is a function from
 * a written-down execution and an input to the next one, its events, and what to do.
 *
 * <p>Receives definitions, nodes, answers and the passing of time; hands events to the log and calls to nodes.
 */
@NullMarked
package io.flowscript.core.engine;

import org.jspecify.annotations.NullMarked;
