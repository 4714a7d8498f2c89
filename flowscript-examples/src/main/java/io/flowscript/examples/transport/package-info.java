/**
 * An example of a transport of your own: the client protocol over plain TCP, one JSON object per line.
 *
 * <p>Uses only {@link io.flowscript.core.bridge the ports}: receives batches of bytes from the bridge; passes lines
 * to its sessions.
 */
@NullMarked
package io.flowscript.examples.transport;

import org.jspecify.annotations.NullMarked;
