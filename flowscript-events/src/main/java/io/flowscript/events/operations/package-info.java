/**
 * The operations that clients can request of an engine, over any transport. This package checks rights, carries out each command once, and determines the
 * code and the text of every refusal.
 *
 * <p>Requests on behalf of an identity come in from the sessions of {@code io.flowscript.events.delivery} and from REST. They go out to the engine and
 * the inbox. The callers get typed results, or an {@link io.flowscript.events.operations.OperationException}. Applications start with
 * {@link io.flowscript.events.operations.Operations#builder}.
 */
@NullMarked
package io.flowscript.events.operations;

import org.jspecify.annotations.NullMarked;
