package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pumps of all clients on the engine's executor. A few workers share two queues, each first in, first out, and each
 * worker runs one pump after the other. Clients that are behind have a queue of their own, and every second turn while both
 * have work: when thousands come back at once, those who are there do not wait until all of these have caught up. An event for
 * a thousand clients costs a thousand turns, but does not wake a thousand threads for one turn each.
 *
 * <p>At most one worker is starting at a time. A caller that adds a turn starts a worker unless one is starting
 * already. A started worker starts the next one if the queues have more turns than it can run at once. So there are as
 * many running workers as there is work for.
 *
 * <p>It has no lock, and it uses no thread while the queues are empty. They are bounded by the number of pumps, because each
 * pump waits for at most one turn. A pump that blocks, against its contract, occupies one worker; the others continue. Safe for
 * use by any thread.
 */
final class PumpExecutor implements Pumps {

    private static final Logger LOGGER = LoggerFactory.getLogger(PumpExecutor.class);

    private final Executor executor;
    private final int turnsPerRun;
    private final Queue<Turn> current = new ConcurrentLinkedQueue<>();
    private final Queue<Turn> behind = new ConcurrentLinkedQueue<>();
    private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean starting = new AtomicBoolean();

    /** One run of a pump, and the callback that runs before it when the executor rejects work. */
    private record Turn(Runnable pump, Runnable refused) {}

    /**
     * Creates an executor with empty queues.
     *
     * @param executor runs the workers
     * @param workers the number of workers, at least 1
     * @param turnsPerRun how many pumps a worker runs before it yields the thread to the executor, at least 1
     */
    PumpExecutor(Executor executor, int workers, int turnsPerRun) {
        this.executor = executor;
        this.turnsPerRun = turnsPerRun;
        for (int i = 0; i < workers; i++) {
            idle.push(new Worker());
        }
    }

    @Override
    public void execute(Runnable pump, Runnable refused) {
        execute(current, pump, refused);
    }

    @Override
    public void executeBehind(Runnable pump, Runnable refused) {
        execute(behind, pump, refused);
    }

    private void execute(Queue<Turn> queue, Runnable pump, Runnable refused) {
        Turn turn = new Turn(pump, refused);
        queue.add(turn);
        try {
            startWorker();
        } catch (Throwable noThread) {
            if (queue.remove(turn)) {
                throw noThread;
            }
        }
    }

    private boolean isEmpty() {
        return current.isEmpty() && behind.isEmpty();
    }

    /** Takes the next turn of one queue; of the other one when it has none. {@return null when there is none} */
    private static @Nullable Turn poll(Queue<Turn> queue, Queue<Turn> other) {
        Turn turn = queue.poll();
        return turn == null ? other.poll() : turn;
    }

    /** Starts an idle worker if there are turns and no worker is starting. */
    private void startWorker() {
        while (!isEmpty() && !idle.isEmpty() && starting.compareAndSet(false, true)) {
            Worker worker = idle.poll();
            if (worker != null) {
                worker.start();
                return;
            }
            starting.set(false); // a worker that became idle just now was not visible to other threads: check again
        }
    }

    /** Runs queued pumps until the queues are empty or its turns are used up. */
    private final class Worker {

        private final SerialTask task = new SerialTask(this::submit, this::work);

        /** Whether the executor has rejected the present run. Used by this worker's runs only. */
        private volatile boolean rejected;

        private void submit(Runnable run) {
            try {
                executor.execute(run);
            } catch (RejectedExecutionException closed) {
                rejected = true;
                run.run();
            }
        }

        void start() {
            try {
                task.signal();
            } catch (Throwable noThread) {
                idle.push(this);
                starting.set(false);
                throw noThread;
            }
        }

        private void work() {
            boolean wasRejected = rejected;
            rejected = false;
            starting.set(false);
            for (int i = 0; i < turnsPerRun; i++) {
                Turn turn = i % 2 == 0 ? poll(current, behind) : poll(behind, current);
                if (turn == null) {
                    idle.push(this);
                    startAnotherWorker(); // a turn may have been added before this worker was idle
                    return;
                }
                if (i == 0) {
                    startAnotherWorker();
                }
                run(turn, wasRejected);
            }
            task.signal();
        }

        private void startAnotherWorker() {
            Guard.run(
                    PumpExecutor.this::startWorker,
                    noThread -> LOGGER.error(
                            "The executor failed to start another worker; the pumps continue with fewer workers",
                            noThread));
        }

        private void run(Turn turn, boolean wasRejected) {
            Guard.run(
                    () -> {
                        if (wasRejected) {
                            turn.refused.run();
                        }
                        turn.pump.run();
                    },
                    thrown -> LOGGER.error("A pump failed unexpectedly; it runs again when it is signalled", thrown));
        }
    }
}
