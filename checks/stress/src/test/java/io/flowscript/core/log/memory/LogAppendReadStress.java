package io.flowscript.core.log.memory;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** I1, I2: the ninth event is appended, for which the ring has to grow, while all events are read: what is the newest can be read, and is complete. */
@JCStressTest
@Outcome(id = "8, 8", expect = Expect.ACCEPTABLE, desc = "The reader came first.")
@Outcome(id = "8, 9", expect = Expect.ACCEPTABLE, desc = "The event came between the two looks.")
@Outcome(id = "9, 9", expect = Expect.ACCEPTABLE, desc = "The append came first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An event is announced but cannot be read, or is not complete.")
@State
public class LogAppendReadStress {
    private final MemoryEventLog log = StressLogs.keeping(100);
    private final Cursor cursor = log.cursor(Position.START);

    public LogAppendReadStress() {
        for (int i = 0; i < 8; i++) {
            StressLogs.append(log);
        }
    }

    @Actor
    public void append() {
        StressLogs.append(log);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = (int) log.latest();
        result.r2 = StressLogs.read(cursor, 1);
    }
}
