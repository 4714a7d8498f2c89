/**
 * Metrics for Micrometer. What happens in an engine and in its bridges comes in through
 * {@link io.flowscript.core.observe.FlowScriptObserver}; meters of the application's registry go out.
 */
@NullMarked
package io.flowscript.micrometer;

import org.jspecify.annotations.NullMarked;
