/**
 * Observation: the port through which the engine and its bridges report what happens, for metrics.
 *
 * <p>Calls come in from the engine and from the bridges on it. They go out to the {@link io.flowscript.core.observe.FlowScriptObserver} that the
 * application gives to the engine's builder.
 */
@NullMarked
package io.flowscript.core.observe;

import org.jspecify.annotations.NullMarked;
