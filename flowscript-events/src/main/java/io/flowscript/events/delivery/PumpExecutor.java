package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.SerialTask;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pumps of all clients on the engine's executor, in the order in which they came, by a few workers, each of which runs one pump after the other. So
 * an event for a thousand clients costs a thousand turns, but wakes no thousand threads for one turn each.
 *
 * <p>One worker is on its way at a time: whoever adds a pump wakes it if there is none, and it wakes the next one when it begins and there is more than it can
 * take at once. So as many come as there is work for, and none is woken for a pump that another is about to take.
 *
 * <p>Safe for use by any thread; has no lock, and no thread while there is nothing to do. What waits is bounded by how many pumps there are: each waits
 * for one turn at a time. A pump that blocks, against its contract, keeps one worker; the others go on.
 */
final class PumpExecutor implements Pumps {

    private static final Logger LOGGER = LoggerFactory.getLogger(PumpExecutor.class);

    private final Executor executor;
    private final int turnsPerRun;
    private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();
    private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean onItsWay = new AtomicBoolean();

    /** One run of a pump, and what it is told before when the executor takes no more work. */
    private record Turn(Runnable pump, Runnable refused) {}

    /**
     * Makes one that has nothing to do.
     *
     * @param executor runs the workers
     * @param workers how many there are, from 1
     * @param turnsPerRun how many pumps a worker runs before it lets the executor run something else, from 1
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
        Turn turn = new Turn(pump, refused);
        waiting.add(turn);
        try {
            wakeWorker();
        } catch (RuntimeException | Error noThread) {
            if (waiting.remove(turn)) {
                throw noThread;
            }
        }
    }

    /** Sends a worker on its way if there is something to do, one that rests, and none on its way already. */
    private void wakeWorker() {
        while (!waiting.isEmpty() && !idle.isEmpty() && onItsWay.compareAndSet(false, true)) {
            Worker worker = idle.poll();
            if (worker != null) {
                worker.come();
                return;
            }
            onItsWay.set(false); // whoever came to rest in this moment was not seen by others: look again
        }
    }

    /** Runs pumps until there are none, or others should have a turn of the executor. */
    private final class Worker {

        private final SerialTask task = new SerialTask(this::submit, this::work);

        /** Whether the executor has taken no more work; for this worker's own runs. */
        private volatile boolean refusing;

        private void submit(Runnable run) {
            try {
                executor.execute(run);
            } catch (RejectedExecutionException closed) {
                refusing = true;
                run.run();
            }
        }

        void come() {
            try {
                task.signal();
            } catch (RuntimeException | Error noThread) {
                idle.push(this);
                onItsWay.set(false);
                throw noThread;
            }
        }

        private void work() {
            boolean refuses = refusing;
            refusing = false;
            onItsWay.set(false);
            for (int i = 0; i < turnsPerRun; i++) {
                Turn turn = waiting.poll();
                if (turn == null) {
                    idle.push(this);
                    wakeAnother(); // for what came in this moment and would else be left behind
                    return;
                }
                if (i == 0) {
                    wakeAnother();
                }
                run(turn, refuses);
            }
            task.signal();
        }

        private void wakeAnother() {
            try {
                wakeWorker();
            } catch (RuntimeException | Error noThread) {
                LOGGER.error("No thread is to be had for another worker; fewer run the pumps until one is", noThread);
            }
        }

        private void run(Turn turn, boolean refuses) {
            try {
                if (refuses) {
                    turn.refused.run();
                }
                turn.pump.run();
            } catch (RuntimeException | Error e) {
                LOGGER.error("A pump failed where it is not guarded; it runs again when it is signalled", e);
            }
        }
    }
}
