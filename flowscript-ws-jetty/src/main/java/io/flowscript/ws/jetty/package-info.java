/**
 * WebSocket on Jetty, and the adapter that brings the HTTP side to Jetty. Frames and requests come in from clients; messages go to the bridge and
 * heads of requests to {@link io.flowscript.http}; their answers go out.
 */
@NullMarked
package io.flowscript.ws.jetty;

import org.jspecify.annotations.NullMarked;
