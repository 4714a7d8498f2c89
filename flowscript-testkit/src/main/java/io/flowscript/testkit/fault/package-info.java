/**
 * Connections that fail, and the proof that nothing is lost all the same: a proxy and a channel that delay, cut, truncate, stall and fall silent as
 * a seed says ({@link io.flowscript.testkit.fault.FaultyProxy}, {@link io.flowscript.testkit.fault.FaultyChannel}), and what a client
 * received, checked against what happened ({@link io.flowscript.testkit.fault.DeliveryCheck}).
 *
 * <p>Receives a plan and a seed from a test, frames from the bridge or bytes from a socket; hands on as much of them as the plan lets through, and
 * tells the test what befell whom.
 */
@NullMarked
package io.flowscript.testkit.fault;

import org.jspecify.annotations.NullMarked;
