package io.flowscript.servlet;

import io.flowscript.core.concurrent.LimitedExecutor;
import io.flowscript.engine.FlowScript;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * The threads that the WebSockets of one servlet use.
 *
 * @param work for what does not block
 * @param mayBlock for what the container may wait in for a client. A thousand WebSockets that are closed at once do not take a thousand threads.
 * @param receiving a permit for each thread of the container that may be held by a client that sends too fast
 */
record WebSocketThreads(Executor work, Executor mayBlock, Semaphore receiving) {

    static final int MAX_BLOCKED = 16;

    /** Those of an engine. */
    static WebSocketThreads of(FlowScript flows, int maxReceiving) {
        return new WebSocketThreads(
                flows.engineExecutor(),
                new LimitedExecutor(flows.listenerExecutor(), MAX_BLOCKED),
                new Semaphore(maxReceiving));
    }
}
