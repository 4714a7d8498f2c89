/**
 * Clients without a network, for the tests of applications and of this library: {@link io.flowscript.events.memory.MemoryTransport} carries the same
 * bytes that a WebSocket would, within the process.
 *
 * <p>Receives frames from the bridge and hands it messages, as any transport does; hands a test what its clients received, read
 * back from those bytes.
 */
@NullMarked
package io.flowscript.events.memory;

import org.jspecify.annotations.NullMarked;
