/**
 * Observation of an engine and its bridges, for metrics.
 *
 * <p>Notifications come in from the engine and from its bridges. They go out to the {@link io.flowscript.core.observe.FlowScriptObserver} that the
 * application sets on the engine's builder.
 */
@NullMarked
package io.flowscript.core.observe;

import org.jspecify.annotations.NullMarked;
