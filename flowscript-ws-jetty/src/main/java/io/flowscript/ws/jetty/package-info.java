/**
 * The Jetty server: WebSockets, and the adapter that connects the HTTP interface to Jetty.
 *
 * <p>WebSocket messages and HTTP requests come in from clients. Messages go to the bridge, requests to {@link io.flowscript.http}. Their replies, responses
 * and events go out to the clients.
 */
@NullMarked
package io.flowscript.ws.jetty;

import org.jspecify.annotations.NullMarked;
