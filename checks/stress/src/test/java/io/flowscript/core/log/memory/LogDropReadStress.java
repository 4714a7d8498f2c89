package io.flowscript.core.log.memory;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** I2, I5: a log that keeps one event drops it for the next one while it is read: it is read or it is announced as missed. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Read before the other one came.")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "Read before it was dropped, and then the other one.")
@Outcome(id = "-1, 1, 2", expect = Expect.ACCEPTABLE, desc = "Missed and told so, and then the other one.")
@Outcome(
        id = "-1, 0, 1",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "Dropped already, and the one that takes its place is on its way.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An event is left out, comes twice or is a wrong one.")
@State
public class LogDropReadStress {
    private final MemoryEventLog log = StressLogs.keeping(1);
    private final Cursor cursor = log.cursor(Position.START);

    public LogDropReadStress() {
        StressLogs.append(log);
    }

    @Actor
    public void append() {
        StressLogs.append(log);
    }

    @Actor
    public void read(III_Result result) {
        result.r1 = StressLogs.read(cursor, 1);
        result.r2 = StressLogs.read(cursor, 2);
        result.r3 = (int) cursor.position().seq();
    }
}
