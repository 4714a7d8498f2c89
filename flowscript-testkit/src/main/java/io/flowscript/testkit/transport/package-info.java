/**
 * What every transport must keep to, as tests: {@link io.flowscript.testkit.transport.TransportContract}, for those who write a transport of their own.
 *
 * <p>Receives a transport and a client's end of it, a {@link io.flowscript.testkit.transport.Peer}, from their author; plays the bridge at the other end, and
 * hands back which rule does not hold, and what was seen instead.
 */
@NullMarked
package io.flowscript.testkit.transport;

import org.jspecify.annotations.NullMarked;
