package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.last;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.testsupport.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Appending, closing and reading at the same moment must look as if one came after the other: numbers are contiguous, what is read is read
 * once, and the end comes after the last event.
 */
@Tag("slow")
public class MemoryEventLogLincheckTest {

    private final MemoryEventLog log = log(Runnable::run);
    private final Cursor cursor = log.cursor(Position.START);

    @Operation
    public long append() {
        return log.append(tick(null), NOW).seq();
    }

    @Operation
    public long appendLast() {
        return log.append(last(), NOW).seq();
    }

    @Operation(nonParallelGroup = "reader")
    public String read() {
        Read read = cursor.read(2);
        return read instanceof Read.Events found
                ? found.events().get(0).seq() + "-" + cursor.position().seq()
                : read.toString();
    }

    @Operation
    public long latest() {
        return log.latest();
    }

    @Operation
    public boolean isEnded() {
        return log.isEnded();
    }

    @Test
    @DisplayName("I1, I3: appending and reading are linearizable (model checking)")
    void modelChecked() {
        Interleavings.modelCheckLinearizable(getClass(), 3);
    }

    @Test
    @DisplayName("I1, I3: appending and reading are linearizable (stress)")
    void stressed() {
        Interleavings.stressLinearizable(getClass(), 3);
    }
}
