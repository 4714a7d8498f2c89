/** WebSocket, server-sent events, long polls and REST on Jetty: bytes in from clients, bytes out from the bridge. */
@NullMarked
package io.flowscript.ws.jetty;

import org.jspecify.annotations.NullMarked;
