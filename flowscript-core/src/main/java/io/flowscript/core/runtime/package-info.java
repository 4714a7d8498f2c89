/**
 * The types that a node uses: its context, the state, and its outcomes such as edges and questions. Also the
 * interfaces that an application can implement for the engine: clock, business time, expressions, form validation.
 *
 * <p>The engine calls nodes with a context. Nodes return {@link io.flowscript.core.runtime.Outcome outcomes} and emit
 * events. This package depends on values and events, and does not depend on the engine.
 */
@NullMarked
package io.flowscript.core.runtime;

import org.jspecify.annotations.NullMarked;
