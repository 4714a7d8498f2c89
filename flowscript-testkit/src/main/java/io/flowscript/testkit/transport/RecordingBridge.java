package io.flowscript.testkit.transport;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's side of the contract. It sends what a bridge sends, at the moments that a rule chooses, and records
 * what a transport does.
 */
final class RecordingBridge implements EventBridge {

    static final int MAX_MESSAGE_BYTES = 64 * 1024;

    private static final int LOOK_AGAIN_MILLIS = 2;
    private static final int END_SECONDS = 10;

    private final boolean subscribes;
    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "contract-bridge-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore changes = new Semaphore(0);
    private final List<BridgeConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<String, TestConnection> lines = new ConcurrentHashMap<>();
    private final Map<TestConnection, String> executions = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
    private volatile @Nullable TestConnection expected;
    private volatile boolean eager = true;
    private volatile int awayCode = CloseCode.GOING_AWAY;
    private volatile Consumer<BridgeConnection> onConnect = connection -> {};
    private volatile Consumer<BridgeConnection> onReceive = connection -> {};

    RecordingBridge(boolean subscribes) {
        this.subscribes = subscribes;
    }

    @Override
    public ClientSession connect(ClientChannel channel, ClientInfo client) {
        RuntimeException refused = refusal.getAndSet(null);
        if (refused != null) {
            throw refused;
        }
        BridgeConnection connection = new BridgeConnection(this, connections.size(), channel, client);
        connections.add(connection);
        connection.begin(subscribes ? null : expected);
        onConnect.accept(connection);
        connection.takenIn();
        changed();
        return connection;
    }

    @Override
    public int disconnect(Predicate<Identity> who) {
        return 0;
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Called by the rules.

    /** Sets which client the next new connection belongs to. */
    void expect(TestConnection line) {
        expected = line;
    }

    List<BridgeConnection> connections() {
        return connections;
    }

    /** Refuses the next client. */
    void refuseNext(RuntimeException how) {
        refusal.set(how);
    }

    /** Sets whether the next message is requested as soon as one was received. */
    void eager(boolean wantsAtOnce) {
        eager = wantsAtOnce;
    }

    /** Sets an action that runs within connect. */
    void onConnect(Consumer<BridgeConnection> what) {
        onConnect = what;
    }

    /** Sets an action that runs within receive. */
    void onReceive(Consumer<BridgeConnection> what) {
        onReceive = what;
    }

    /** Sets the code for clients that connect again after they were closed. */
    void awayCode(int code) {
        awayCode = code;
    }

    /** Waits for a condition. {@return false if it was not met in time} */
    boolean await(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                if (changes.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    // Called by connections.

    boolean subscribes() {
        return subscribes;
    }

    boolean isEager() {
        return eager;
    }

    int awayCode() {
        return awayCode;
    }

    void onReceive(BridgeConnection connection) {
        onReceive.accept(connection);
    }

    void changed() {
        changes.release();
    }

    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Called when the rule is over.
        }
    }

    /** {@return the client that an execution belongs to: the expected one if the execution is new} */
    TestConnection lineOf(String executionId) {
        return lines.computeIfAbsent(executionId, id -> {
            TestConnection line = expected;
            if (line == null) {
                throw new AssertionError("No client is expected, but one asks for " + id);
            }
            executions.put(line, id);
            return line;
        });
    }

    String executionOf(TestConnection line) {
        return executions.getOrDefault(line, "");
    }
}
