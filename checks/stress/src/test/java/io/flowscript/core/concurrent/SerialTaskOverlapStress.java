package io.flowscript.core.concurrent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads write and signal at the same moment, on an executor that runs tasks on the calling thread: the last run saw what both
 * had written, in plain fields, and no run began within another, although the work itself has nothing that would keep them apart.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Both signals were seen, one run at a time.")
@Outcome(id = ".*, .*, 1", expect = Expect.FORBIDDEN, desc = "Two runs at once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A signal got lost.")
@State
public class SerialTaskOverlapStress {
    private final SerialTask task = new SerialTask(Runnable::run, this::work);
    private int first;
    private int second;
    private int sawFirst;
    private int sawSecond;
    private int inside;
    private int overlaps;

    @Actor
    public void signalFirst() {
        first = 1;
        task.signal();
    }

    @Actor
    public void signalSecond() {
        second = 1;
        task.signal();
    }

    @Arbiter
    public void finish(III_Result result) {
        result.r1 = sawFirst;
        result.r2 = sawSecond;
        result.r3 = overlaps;
    }

    private void work() {
        if (++inside != 1) {
            overlaps = 1;
        }
        sawFirst = first;
        sawSecond = second;
        inside--;
    }
}
