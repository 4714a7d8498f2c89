/**
 * What clients can ask of an engine, whichever way they come: rights are checked here, commands are carried out once, and every refusal gets its
 * code and its text here.
 *
 * <p>Receives requests on behalf of an identity from the sessions of {@code io.flowscript.events.delivery} and from REST; asks the engine and the
 * inbox; hands back typed results, or an {@link io.flowscript.events.operations.OperationException}. Begun by
 * {@link io.flowscript.events.operations.Operations#builder}.
 */
@NullMarked
package io.flowscript.events.operations;

import org.jspecify.annotations.NullMarked;
