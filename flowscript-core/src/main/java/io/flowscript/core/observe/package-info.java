/**
 * Observation of an engine and its bridges, for metrics and tracing.
 *
 * <p>Notifications come in from the engine and from its bridges. They go out to the {@link io.flowscript.core.observe.FlowScriptObserver} and the
 * {@link io.flowscript.core.observe.FlowScriptTracer} that the application sets on the engine's builder.
 */
@NullMarked
package io.flowscript.core.observe;

import org.jspecify.annotations.NullMarked;
