/**
 * What every room of FlowScript shares: the root of its exceptions and who somebody is.
 *
 * <p>The packages below read as the way of an event:
 *
 * <ul>
 *   <li>{@link io.flowscript.core.json}: what data is, immutable JSON values
 *   <li>{@link io.flowscript.core.event}: what happened
 *   <li>{@link io.flowscript.core.log}: where it is kept, and the cursors that read it
 *   <li>{@link io.flowscript.core.workflow}: what is to be run
 *   <li>{@link io.flowscript.core.runtime}: what a node sees
 *   <li>{@link io.flowscript.core.engine}: who runs it
 *   <li>{@link io.flowscript.core.bridge}: how it leaves
 * </ul>
 *
 * <p>Receives nothing from them; all of them use it.
 */
@NullMarked
package io.flowscript.core;

import org.jspecify.annotations.NullMarked;
