package io.flowscript.events.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Carries out a client's commands that can take long, on threads that may block, one at a time. Meanwhile the pump takes
 * no further message of the client, and sends it nothing but pings: the reply to a command comes before the events that the
 * command causes.
 *
 * <p>The pump calls all methods; a command runs on another thread and hands its reply in through {@link #replies}.
 */
final class BlockingCommands {

    private final Executor executor;
    private final Runnable signal;
    private final Queue<byte[]> replies = new ConcurrentLinkedQueue<>();
    private volatile boolean running;

    /** Whether a command was started whose replies were not passed on. Used by the pump only. */
    private boolean pending;

    /**
     * Creates an object without a command.
     *
     * @param executor runs the commands
     * @param signal signals the pump when a command is done
     */
    BlockingCommands(Executor executor, Runnable signal) {
        this.executor = executor;
        this.signal = signal;
    }

    /** {@return where a command puts its replies} */
    Consumer<byte[]> replies() {
        return replies::add;
    }

    /** Starts a command. None may be running. */
    void run(Runnable command) {
        running = true;
        pending = true;
        try {
            executor.execute(() -> {
                try {
                    command.run();
                } finally {
                    running = false;
                    signal.run();
                }
            });
        } catch (Throwable refused) {
            running = false;
            pending = false;
            throw refused;
        }
    }

    /** Whether a command was started whose replies were not passed on. */
    boolean isPending() {
        return pending;
    }

    /**
     * Passes on the replies of a command that is done.
     *
     * @return whether another command can be started
     */
    boolean settle(Consumer<byte[]> out) {
        if (pending && !running) {
            pending = false;
            byte[] reply = replies.poll();
            while (reply != null) {
                out.accept(reply);
                reply = replies.poll();
            }
        }
        return !pending;
    }
}
