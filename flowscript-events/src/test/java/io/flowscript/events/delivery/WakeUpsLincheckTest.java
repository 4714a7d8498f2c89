package io.flowscript.events.delivery;

import io.flowscript.testsupport.Interleavings;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several threads wake while one looks: whoever looks after the last waking has seen all that was done before it. */
@Tag("slow")
public class WakeUpsLincheckTest {

    private static final class Sleeper extends WakeUps.Sleeper {

        private final AtomicInteger done = new AtomicInteger();
        private volatile int seen;
    }

    private final WakeUps wakeUps = new WakeUps();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Sleeper one = new Sleeper();
    private final Sleeper two = new Sleeper();

    @Operation
    public void wakeOne() {
        wake(one);
    }

    @Operation
    public void wakeTwo() {
        wake(two);
    }

    @Operation
    public void look() {
        if (looking.compareAndSet(false, true)) {
            wakeUps.drain(woken -> {
                Sleeper sleeper = (Sleeper) woken;
                sleeper.seen = sleeper.done.get();
            });
            looking.set(false);
        }
    }

    @Validate
    public void allIsSeen() {
        look();
        if (one.seen != one.done.get() || two.seen != two.done.get()) {
            throw new IllegalStateException(
                    "saw " + one.seen + " of " + one.done + " and " + two.seen + " of " + two.done);
        }
    }

    @Test
    @DisplayName("no waking is lost (model checking)")
    void modelChecked() {
        Interleavings.modelCheckHolds(getClass(), 2);
    }

    @Test
    @DisplayName("no waking is lost (stress)")
    void stressed() {
        Interleavings.stressHolds(getClass(), 2);
    }

    private void wake(Sleeper sleeper) {
        sleeper.done.incrementAndGet();
        boolean unused = wakeUps.add(sleeper);
    }
}
