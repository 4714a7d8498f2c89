/**
 * The client for Java. It follows executions, starts, answers and cancels them, and lists what people are asked, at a server
 * that may be far away. It begins at {@link io.flowscript.client.FlowScriptClient}.
 *
 * <p>It receives messages of the client protocol from a server, and calls of the application. It hands events in their order to
 * the application's subscribers, and commands to the server. All of its state belongs to one thread, the {@code Loop}; code of
 * the application runs on other threads.
 */
@NullMarked
package io.flowscript.client;

import org.jspecify.annotations.NullMarked;
