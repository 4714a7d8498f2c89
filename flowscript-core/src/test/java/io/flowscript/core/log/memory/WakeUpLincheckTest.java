package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.testsupport.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cursor falls asleep while another thread appends and wakes: whatever the order, a cursor that has something to read
 * was woken since it fell asleep, and no wake-up was run twice.
 */
@Tag("slow")
public class WakeUpLincheckTest {

    private final MemoryEventLog log = log(Runnable::run);
    private final Sleeper first = new Sleeper(log.cursor(Position.START));
    private final Sleeper second = new Sleeper(log.cursor(Position.START));

    @Operation
    public void appendAndWake() {
        log.append(tick(null), NOW);
        log.wake();
    }

    @Operation
    public void wakeInVain() {
        log.wake();
    }

    @Operation(nonParallelGroup = "first")
    public void readAndSleepFirst() {
        first.readAndSleep();
    }

    @Operation(nonParallelGroup = "second")
    public void readAndSleepSecond() {
        second.readAndSleep();
    }

    @Operation(runOnce = true)
    public void closeSecond() {
        second.cursor.close();
    }

    @Operation(runOnce = true)
    public void closeLog() {
        log.close();
    }

    @Validate
    public void nobodySleepsThrough() {
        first.check(log);
    }

    @Test
    @DisplayName("I2: no wake-up is lost and none comes twice (model checking)")
    void modelChecked() {
        Interleavings.modelCheckHolds(getClass(), 2);
    }

    @Test
    @DisplayName("I2: no wake-up is lost and none comes twice (stress)")
    void stressed() {
        Interleavings.stressHolds(getClass(), 2);
    }

    private static final class Sleeper {
        private final Cursor cursor;
        private AtomicInteger wakes = new AtomicInteger(1);

        private Sleeper(Cursor cursor) {
            this.cursor = cursor;
        }

        private void readAndSleep() {
            if (cursor.read(9) instanceof Read.Nothing) {
                AtomicInteger mine = new AtomicInteger();
                wakes = mine;
                cursor.wakeWhenReadable(mine::incrementAndGet);
            }
        }

        private void check(MemoryEventLog log) {
            boolean readable = log.isEnded() || log.latest() > cursor.position().seq();
            int count = wakes.get();
            if (count > 1 || (readable && count == 0)) {
                throw new IllegalStateException("woken " + count + " times, readable: " + readable);
            }
        }
    }
}
