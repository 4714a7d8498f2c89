package io.flowscript.spring.boot;

import java.util.concurrent.Executor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Virtual threads for nodes. It is no executor itself, so that the one of Spring Boot is still made. Safe for use by any thread. */
final class NodeThreads implements AutoCloseable {

    private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("flowscript-node-");

    NodeThreads() {
        threads.setVirtualThreads(true);
        threads.setCancelRemainingTasksOnClose(true);
    }

    Executor executor() {
        return threads;
    }

    /** Interrupts nodes that still work. */
    @Override
    public void close() {
        threads.close();
    }
}
