package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.testsupport.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A log that keeps two events drops the others under the reader's hands: what the reader got is contiguous all the same, but for the
 * holes that it was told of. Not linearizable on purpose: a reader that is overtaken may get less than was there.
 */
@Tag("slow")
public class RetentionLincheckTest {

    private final MemoryEventLog log = log(keeping(2), new MemoryBudget(1 << 20), Runnable::run);
    private final Cursor cursor = log.cursor(Position.START);
    private long next = 1;
    private String broken = "";

    @Operation
    public void append() {
        log.append(tick(null), NOW);
    }

    @Operation
    public void appendTwo() {
        LogFixture.append(log, 2);
    }

    @Operation(runOnce = true)
    public void close() {
        log.close();
    }

    @Operation(nonParallelGroup = "reader")
    public void read() {
        Read read = cursor.read(2);
        if (read instanceof Read.Events found) {
            found.events().forEach(event -> advance(event.seq(), event.seq()));
        } else if (read instanceof Read.Missed missed) {
            advance(missed.from(), missed.to());
        }
    }

    @Validate
    public void nothingIsLeftOut() {
        while (next <= log.latest() && broken.isEmpty()) {
            read();
        }
        if (!broken.isEmpty()) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    @DisplayName("I1, I2, I5: what is dropped while it is read is announced, exactly (model checking)")
    void modelChecked() {
        Interleavings.modelCheckHolds(getClass(), 2);
    }

    @Test
    @DisplayName("I1, I2, I5: what is dropped while it is read is announced, exactly (stress)")
    void stressed() {
        Interleavings.stressHolds(getClass(), 3);
    }

    private void advance(long from, long to) {
        if (from != next || to < from) {
            broken += "after " + (next - 1) + " came " + from + ".." + to + "; ";
        }
        next = to + 1;
    }
}
