package io.flowscript.core.log.memory;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** I8: a cursor falls asleep while its log is closed: it learns of the end. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It found the end and did not fall asleep.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It fell asleep and was woken.")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "It sleeps for ever.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was woken more than once, or without having fallen asleep.")
@State
public class LogCloseArmStress {
    private final MemoryEventLog log = StressLogs.keeping(100);
    private final Cursor cursor = log.cursor(Position.START);
    private final AtomicInteger woken = new AtomicInteger();

    @Actor
    public void close() {
        log.close();
    }

    @Actor
    public void readAndSleep(II_Result result) {
        if (cursor.read(1) instanceof Read.Ended) {
            result.r1 = 1;
        } else {
            cursor.wakeWhenReadable(woken::incrementAndGet);
        }
    }

    @Arbiter
    public void count(II_Result result) {
        result.r2 = woken.get();
    }
}
