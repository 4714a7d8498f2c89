/**
 * A transport of one's own: the client protocol over plain TCP, one JSON object per line.
 *
 * <p>Written against {@link io.flowscript.core.bridge the ports} alone: receives batches of bytes from the bridge, hands lines to its
 * sessions.
 */
@NullMarked
package io.flowscript.examples.transport;

import org.jspecify.annotations.NullMarked;
