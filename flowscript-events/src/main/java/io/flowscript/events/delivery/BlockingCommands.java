package io.flowscript.events.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Carries out a client's commands that wait for the store, on threads that may block, one at a time. The pump goes on
 * meanwhile: it delivers events, but takes no further message of the client.
 *
 * <p>The pump calls all methods; a command runs on another thread and hands its reply in through {@link #replies}.
 */
final class BlockingCommands {

    private final Executor executor;
    private final Runnable signal;
    private final Queue<byte[]> replies = new ConcurrentLinkedQueue<>();
    private volatile boolean running;

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
            throw refused;
        }
    }

    /** Whether a command is under way. All replies of one that is done are there. */
    boolean isRunning() {
        return running;
    }

    /** Passes on the replies that are there. */
    void drainTo(Consumer<byte[]> out) {
        byte[] reply = replies.poll();
        while (reply != null) {
            out.accept(reply);
            reply = replies.poll();
        }
    }
}
