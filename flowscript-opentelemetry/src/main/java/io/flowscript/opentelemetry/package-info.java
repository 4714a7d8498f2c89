/**
 * Tracing with OpenTelemetry. What happens in an engine comes in through {@link io.flowscript.core.observe.FlowScriptTracer}; spans go out
 * to the application's OpenTelemetry.
 */
@NullMarked
package io.flowscript.opentelemetry;

import org.jspecify.annotations.NullMarked;
