package io.flowscript.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads add to one plain counter, and an addition gets lost. It is wrong on purpose: {@link StressTest} runs it to see
 * that a race is found, and leaves it out of the run that has to pass.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both additions count.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "One addition is lost.")
@State
public class LostUpdate {
    private int counter;

    @Actor
    public void first() {
        counter++;
    }

    @Actor
    public void second() {
        counter++;
    }

    @Arbiter
    public void read(I_Result result) {
        result.r1 = counter;
    }
}
