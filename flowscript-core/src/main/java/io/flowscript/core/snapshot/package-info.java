/**
 * What an execution is at one moment, as a value: {@link io.flowscript.core.snapshot.ExecutionSnapshot}.
 *
 * <p>The engine makes a snapshot with each step. Stores keep snapshots, and the engine continues from them.
 */
@NullMarked
package io.flowscript.core.snapshot;

import org.jspecify.annotations.NullMarked;
