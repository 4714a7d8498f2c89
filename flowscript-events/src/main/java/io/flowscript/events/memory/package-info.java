/**
 * Clients without a network, for tests: {@link io.flowscript.events.memory.MemoryTransport} carries the same bytes as a
 * WebSocket, within the process.
 *
 * <p>Receives frames from the bridge and hands it messages, as every transport does. Hands a test what its clients have
 * received, parsed from those bytes.
 */
@NullMarked
package io.flowscript.events.memory;

import org.jspecify.annotations.NullMarked;
