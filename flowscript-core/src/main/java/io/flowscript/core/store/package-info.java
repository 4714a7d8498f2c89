/**
 * The port to stores: {@link io.flowscript.core.store.ExecutionStore} keeps executions beyond the end of the process.
 *
 * <p>{@link io.flowscript.core.store.SharedStore} is for several engines: it also says which executions each of them advances, and
 * carries commands and news between them.
 *
 * <p>The engine hands in what each step changes, and reads it back when it starts. Implementations are in other modules.
 */
@NullMarked
package io.flowscript.core.store;

import org.jspecify.annotations.NullMarked;
