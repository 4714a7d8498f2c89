/**
 * Types that all packages of FlowScript share: the superclass of its exceptions, identities and assignments.
 *
 * <p>The packages of core:
 *
 * <ul>
 *   <li>{@link io.flowscript.core.json}: immutable JSON values
 *   <li>{@link io.flowscript.core.event}: the events of an execution
 *   <li>{@link io.flowscript.core.log}: the log that keeps the events, and the cursors that read it
 *   <li>{@link io.flowscript.core.workflow}: workflow definitions
 *   <li>{@link io.flowscript.core.runtime}: what a node can use while it runs
 *   <li>{@link io.flowscript.core.interaction}: what people are asked, and how they respond
 *   <li>{@link io.flowscript.core.snapshot}: what an execution is at one moment
 *   <li>{@link io.flowscript.core.store}: the ports to stores
 *   <li>{@link io.flowscript.core.bridge}: the ports through which events reach clients
 *   <li>{@link io.flowscript.core.observe}: the port for metrics
 *   <li>{@link io.flowscript.core.testing}: a manual clock, a manual executor, and stores in memory
 * </ul>
 *
 * <p>Nothing comes in from these packages; all of them use the types of this one.
 */
@NullMarked
package io.flowscript.core;

import org.jspecify.annotations.NullMarked;
