/**
 * Failing connections, and checks that no event is lost on them. A proxy and a channel delay, cut, truncate, stall
 * and fall silent according to a seed ({@link io.flowscript.testkit.fault.FaultyProxy}, {@link
 * io.flowscript.testkit.fault.FaultyChannel}). A check compares what a client received with what happened ({@link
 * io.flowscript.testkit.fault.DeliveryCheck}).
 *
 * <p>Receives a plan and a seed from a test, and frames from the bridge or bytes from a socket; passes on what the
 * plan lets through, and reports to the test which faults have struck.
 */
@NullMarked
package io.flowscript.testkit.fault;

import org.jspecify.annotations.NullMarked;
