package io.flowscript.core.concurrent;

import io.flowscript.testsupport.Interleavings;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Signals come while the work begins, runs, ends and hands itself back, on an executor with several threads and on a thread that does the
 * work itself: never two runs at once, and a run after the last signal.
 */
@Tag("slow")
public class SerialTaskLincheckTest {

    private final Queue<Runnable> executor = new ConcurrentLinkedQueue<>();
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicBoolean inside = new AtomicBoolean();
    private volatile int seen;
    private volatile boolean overlap;
    private volatile boolean ranAfterStop;
    private volatile boolean stopped;
    private final SerialTask task = new SerialTask(executor::add, this::work);
    private final SerialTask toBeStopped = new SerialTask(executor::add, this::stoppable);

    @Operation
    public void signal() {
        signals.incrementAndGet();
        task.signal();
    }

    @Operation
    public void runOne() {
        Runnable next = executor.poll();
        if (next != null) {
            next.run();
        }
    }

    @Operation
    public void runHere() {
        if (task.tryBegin()) {
            work();
            task.end();
        }
    }

    @Operation
    public void signalOther() {
        toBeStopped.signal();
    }

    @Operation(runOnce = true)
    public void stopOther() {
        toBeStopped.stop();
    }

    @Validate
    public void everySignalWasSeen() {
        stopped = true;
        toBeStopped.stop();
        toBeStopped.signal();
        Runnable next = executor.poll();
        while (next != null) {
            next.run();
            next = executor.poll();
        }
        if (overlap || ranAfterStop || seen != signals.get()) {
            throw new IllegalStateException(
                    "overlap " + overlap + ", ran after stop " + ranAfterStop + ", saw " + seen + " of " + signals);
        }
    }

    @Test
    @DisplayName("never runs twice at once and loses no signal (model checking)")
    void modelChecked() {
        Interleavings.modelCheckHolds(getClass(), 3);
    }

    @Test
    @DisplayName("never runs twice at once and loses no signal (stress)")
    void stressed() {
        Interleavings.stressHolds(getClass(), 3);
    }

    private void work() {
        if (!inside.compareAndSet(false, true)) {
            overlap = true;
        }
        seen = signals.get();
        inside.set(false);
    }

    private void stoppable() {
        if (stopped) {
            ranAfterStop = true;
        }
    }
}
