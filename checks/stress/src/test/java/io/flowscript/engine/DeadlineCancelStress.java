package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** I3, I6: the deadline passes when the execution is cancelled: one of the two closes the question, and it ends once. */
@JCStressTest
@Outcome(
        id = "false, deadline completed",
        expect = Expect.ACCEPTABLE,
        desc = "The deadline came first, and the end too.")
@Outcome(
        id = "true, deadline cancelled",
        expect = Expect.ACCEPTABLE,
        desc = "The deadline came first, the cancellation before the end.")
@Outcome(id = "true, cancelled cancelled", expect = Expect.ACCEPTABLE, desc = "The cancellation came first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither won, or the loser was told something wrong.")
@State
public class DeadlineCancelStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void deadline() {
        asked.deadline();
    }

    @Actor
    public void cancel(LL_Result result) {
        result.r1 = asked.cancel();
    }

    @Arbiter
    public void outcome(LL_Result result) {
        result.r2 = asked.outcome();
    }
}
