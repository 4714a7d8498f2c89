/**
 * The servlet: the adapter that connects the HTTP interface and WebSockets to any container of Servlet 6.1 and Jakarta WebSocket 2.2.
 *
 * <p>HTTP requests and WebSocket messages come in from the container. Requests go to {@link io.flowscript.http}, messages to the bridge. Their
 * responses, replies and events go back to the container, which sends them without holding a thread.
 */
@NullMarked
package io.flowscript.servlet;

import org.jspecify.annotations.NullMarked;
