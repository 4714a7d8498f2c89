/**
 * The contract of a store as tests, for authors of stores: {@link io.flowscript.testkit.store.StoreContract}.
 *
 * <p>Receives a store from its author; plays the engine, hands in the changes of executions ({@link
 * io.flowscript.testkit.store.StoredRun}) and reads them back, and reports which rules do not hold and what was seen
 * instead.
 */
@NullMarked
package io.flowscript.testkit.store;

import org.jspecify.annotations.NullMarked;
