package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.LimitedExecutor;
import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The threads of an engine, in groups that never wait for each other. Safe for use by any thread.
 *
 * <ul>
 *   <li><b>Nodes</b> may block. When all their threads are in use, further calls wait in a queue, at most one of each
 *       execution.
 *   <li><b>Work</b> of the engine: timers, and the delivery of events. It does not block, so a few threads are enough.
 *   <li><b>Callbacks</b>: code of the application that is no node and may block, such as listeners. At most one task of
 *       each listener waits.
 *   <li><b>Readers</b> of the store, which block. A few read at a time; the others wait in a queue, at most one of each cursor.
 *   <li><b>Commands</b> that other engines have sent, which block until they are stored. They are not among the callbacks, since those
 *       may wait for another engine that waits for this one.
 *   <li><b>The lease</b> of the shards, which is renewed by a thread that does nothing else.
 * </ul>
 *
 * <p>An executor that the application gives runs all but the nodes, or the nodes. Such executors are not shut down.
 */
final class EngineThreads implements AutoCloseable {

    /** The time until a callback is submitted again that an executor of the application has refused. */
    static final Duration RETRY = Duration.ofMillis(100);

    /** How many alarms of executions are handled before other work has its turn: very many can be due in one moment. */
    private static final int ALARMS_IN_A_ROW = 64;

    /** How many readings of the store are under way at a time. */
    private static final int STORE_READERS = 4;

    private final Executor nodes;

    /** Whether the threads of nodes may do other work of the application too. */
    private final boolean sharesNodeThreads;

    private final Executor work;
    private final Executor alarms;
    private final Executor callbacks;
    private final Executor storeReaders;
    private final Executor commands;
    private final Executor lease;
    private final List<ExecutorService> own = new ArrayList<>();
    private final AtomicInteger waitingNodes = new AtomicInteger();
    private final LongAdder begunNodes = new LongAdder();
    private volatile boolean closed;

    /**
     * Starts the threads that the application does not give.
     *
     * @param nodes runs nodes; null for threads of the engine
     * @param others runs all else; null for threads of the engine
     * @param maxNodeThreads the maximum number of threads for nodes, and for callbacks
     */
    EngineThreads(@Nullable Executor nodes, @Nullable Executor others, int maxNodeThreads, EngineClock clock) {
        this.sharesNodeThreads = nodes != null;
        this.nodes = nodes == null ? own(DefaultExecutor.blocking("node", maxNodeThreads)) : nodes;
        if (others == null) {
            this.work = own(DefaultExecutor.nonBlocking("engine"));
            this.alarms = new LimitedExecutor(work, Runtime.getRuntime().availableProcessors(), ALARMS_IN_A_ROW);
            this.callbacks = own(DefaultExecutor.blocking("listener", maxNodeThreads));
            this.storeReaders = own(DefaultExecutor.blocking("reader", STORE_READERS));
            this.commands = own(DefaultExecutor.blocking("command", maxNodeThreads));
            this.lease = own(DefaultExecutor.blocking("lease", 1));
        } else {
            this.work = others;
            this.alarms = others;
            this.callbacks = task -> submitUntilTaken(others, new Task(task, () -> {}), clock);
            this.storeReaders = new LimitedExecutor(callbacks, STORE_READERS);
            this.commands = callbacks;
            this.lease = callbacks;
        }
    }

    /** Runs a task that calls nodes. What the executor throws when it refuses the task is thrown. */
    void callNode(Runnable task) {
        waitingNodes.incrementAndGet();
        Task counted = new Task(task, this::nodeBegins);
        try {
            nodes.execute(counted);
        } catch (Throwable refused) {
            counted.begin();
            throw refused;
        }
    }

    private void nodeBegins() {
        waitingNodes.decrementAndGet();
        begunNodes.increment();
    }

    /** {@return the executor of work that does not block} */
    Executor work() {
        return work;
    }

    /** {@return the executor of what executions do when a time is over. Other work does not wait until all of it is done.} */
    Executor alarms() {
        return alarms;
    }

    /** {@return the executor of the application's callbacks. It refuses nothing before the engine is closed.} */
    Executor callbacks() {
        return callbacks;
    }

    /** {@return the executor of readings of the store} */
    Executor storeReaders() {
        return storeReaders;
    }

    /** {@return the executor of commands that other engines have sent} */
    Executor commands() {
        return commands;
    }

    /** {@return the executor of what renews the shards of this engine} */
    Executor lease() {
        return lease;
    }

    /** {@return how many calls of nodes wait for a thread} */
    int waitingNodes() {
        return waitingNodes.get();
    }

    /** {@return whether something may wait for a thread of nodes} What else waits for an executor of the application is not known. */
    boolean areNodesWaiting() {
        return sharesNodeThreads || waitingNodes.get() > 0;
    }

    /** {@return how many calls of nodes have had a thread so far} */
    long begunNodes() {
        return begunNodes.sum();
    }

    @Override
    public void close() {
        closed = true;
        for (ExecutorService each : own) {
            List<Runnable> waiting = each.shutdownNow();
            if (each == storeReaders) {
                // They find the store closed, and say so to who waits for them.
                waiting.forEach(task -> Guard.run(task::run, ignored -> {}));
            }
        }
    }

    private ExecutorService own(ExecutorService executor) {
        own.add(executor);
        return executor;
    }

    /** A listener whose turn is lost would hear nothing more, so a task that was refused is submitted again later. */
    private void submitUntilTaken(Executor executor, Task task, EngineClock clock) {
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            if (task.hasBegun() || closed) {
                throw refused;
            }
            clock.schedule(RETRY, () -> Guard.run(() -> submitUntilTaken(executor, task, clock), ignored -> {}));
        }
    }

    /** A task that knows whether it has begun. */
    private static final class Task extends AtomicBoolean implements Runnable {

        private static final long serialVersionUID = 1L;

        private final transient Runnable work;
        private final transient Runnable onBegin;

        Task(Runnable work, Runnable onBegin) {
            this.work = work;
            this.onBegin = onBegin;
        }

        @Override
        public void run() {
            begin();
            work.run();
        }

        void begin() {
            if (compareAndSet(false, true)) {
                onBegin.run();
            }
        }

        boolean hasBegun() {
            return get();
        }
    }
}
