package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.SerialTask;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs the pumps of all clients on the engine's executor, in the order in which they came, by a few workers, each of which runs one pump after the other. So
 * an event for a thousand clients costs a thousand turns, but wakes no thousand threads for one turn each.
 *
 * <p>Safe for use by any thread; has no lock, and no thread while there is nothing to do. What waits is bounded by how many pumps there are: each waits
 * for one turn at a time. A pump that blocks, against its contract, keeps one worker; the others go on.
 */
final class PumpExecutor {

    private final Executor executor;
    private final int turnsPerRun;
    private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();
    private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();

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

    /**
     * Lets a pump run soon.
     *
     * @param pump what to run
     * @param refused run before it, when the executor takes no more work; both on the thread that learns it
     */
    void execute(Runnable pump, Runnable refused) {
        Turn turn = new Turn(pump, refused);
        waiting.add(turn);
        Worker worker = idle.poll();
        if (worker == null) {
            return; // one of those at work takes it: each looks again before it ends
        }
        try {
            worker.task.signal();
        } catch (RuntimeException | Error noThread) {
            idle.push(worker);
            if (waiting.remove(turn)) {
                throw noThread;
            }
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

        private void work() {
            boolean refuses = refusing;
            refusing = false;
            for (int i = 0; i < turnsPerRun; i++) {
                Turn turn = waiting.poll();
                if (turn == null) {
                    rest();
                    return;
                }
                if (refuses) {
                    turn.refused.run();
                }
                turn.pump.run();
            }
            task.signal();
        }

        /** There is nothing to do; what came in this moment would else be left behind. */
        private void rest() {
            idle.push(this);
            Worker next = waiting.isEmpty() ? null : idle.poll();
            if (next != null) {
                next.task.signal();
            }
        }
    }
}
