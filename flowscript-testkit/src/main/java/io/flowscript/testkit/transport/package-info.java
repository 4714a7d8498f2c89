/**
 * The contract of a transport as tests, for authors of transports: {@link
 * io.flowscript.testkit.transport.TransportContract}.
 *
 * <p>Receives a transport and a client for it, a {@link io.flowscript.testkit.transport.Peer}, from their author;
 * plays the bridge, and reports which rules do not hold and what was seen instead.
 */
@NullMarked
package io.flowscript.testkit.transport;

import org.jspecify.annotations.NullMarked;
