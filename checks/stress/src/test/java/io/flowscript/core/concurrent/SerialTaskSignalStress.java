package io.flowscript.core.concurrent;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * One thread writes and signals while another begins the run that was scheduled before. Whichever comes first, a run sees
 * what was written before the signal: the one that begins, or one more.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "A run saw what was written before the signal.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The signal got lost.")
@State
public class SerialTaskSignalStress {
    private final AtomicReference<Runnable> submitted = new AtomicReference<>();
    private final SerialTask task = new SerialTask(submitted::set, this::look);
    private int written;
    private int seen;

    public SerialTaskSignalStress() {
        task.signal();
    }

    @Actor
    public void writeAndSignal() {
        written = 1;
        task.signal();
    }

    @Actor
    public void runWhatIsScheduled() {
        submitted.getAndSet(null).run();
    }

    @Arbiter
    public void finish(I_Result result) {
        Runnable again = submitted.getAndSet(null);
        if (again != null) {
            again.run();
        }
        result.r1 = seen;
    }

    private void look() {
        seen = written;
    }
}
